"""The efficiency portal: nine efficiency systems of a public office in one intranet house."""

import gc

# Loading makes hundreds of thousands of objects and no garbage, and what a page makes dies by itself: looking for
# cycles after every 700 new objects, as Python does unasked, takes a fifth of the start and a part of every page.
gc.set_threshold(50_000)
