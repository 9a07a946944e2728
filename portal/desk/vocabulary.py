"""Words of the desk."""

HOME = "desk.home"
PERMISSIONS = (HOME,)
