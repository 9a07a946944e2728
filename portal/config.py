"""Settings of one site: defaults, then ``instance/config.toml``, then ``PORTAL_*`` environment variables."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any


class ConfigError(ValueError):
    """A setting that the portal cannot run with; the text names the setting."""


@dataclass(frozen=True)
class Config:
    """Typed settings. Every field may be set in ``config.toml`` or as ``PORTAL_<FIELD>``."""

    instance: Path
    database_url: str = ""
    secret_key: str = ""
    unit_name: str = ""
    sample: bool = False
    https: bool = False
    trusted_proxies: int = 0
    sweep_seconds: int = 30
    port: int = 8000
    host: str = "127.0.0.1"
    threads: int = 4
    busy_ms: int = 10_000
    #: How people reach the site, for links in messages that go out (``https://portal.example.gov.cn``); empty: none.
    site_url: str = ""
    #: The mail server for messages that go out (``mailtos://user:password@host:465?from=portal@host``); empty: no mail.
    mail_url: str = ""
    #: Further hosts (``host`` or ``host:port``, with blanks or commas between) that messages may be sent to.
    message_hosts: str = ""
    testing: bool = False

    @property
    def url(self) -> str:
        """The database address: the embedded SQLite file unless ``database_url`` names another."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'portal.db'}"
        if self.database_url.startswith(("postgres://", "postgresql://")):
            return "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        return self.database_url

    @property
    def embedded(self) -> bool:
        """True when the database is a SQLite file."""
        return self.url.startswith("sqlite")

    @property
    def hosts(self) -> frozenset[str]:
        """The further hosts that messages may be sent to."""
        return frozenset(self.message_hosts.lower().replace(",", " ").split())

    @property
    def database_file(self) -> Path:
        """Path of the embedded database (only meaningful when ``embedded``)."""
        return Path(self.url.removeprefix("sqlite:///"))


def _convert(name: str, kind: Any, value: Any) -> Any:
    if kind == "bool":
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in {"1", "true", "yes", "on"}:
            return True
        if word in {"0", "false", "no", "off", ""}:
            return False
        raise ConfigError(f"{name}: expected true or false, got {value!r}")
    if kind == "int":
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ConfigError(f"{name}: expected a whole number, got {value!r}") from None
    if kind == "Path":
        return Path(value)
    return str(value)


def _secret_key(instance: Path) -> str:
    """The site's secret key, made once and kept in the instance folder, readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
    return path.read_text().strip()


def load(root: Path | None = None, **overrides: Any) -> Config:
    """Read the settings.

    ``overrides`` (from the command line or a test) win over everything.
    Raises ConfigError for an unknown name in config.toml or a value of the wrong kind.
    """
    root = root or Path(__file__).resolve().parent.parent
    chosen = overrides.get("instance") or os.environ.get("PORTAL_INSTANCE") or root / "instance"
    instance = Path(chosen).expanduser().resolve()
    instance.mkdir(parents=True, exist_ok=True)
    kinds = {f.name: str(f.type) for f in fields(Config)}
    values: dict[str, Any] = {}
    file = instance / "config.toml"
    if file.exists():
        try:
            found = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"config.toml: {error}") from None
        for name, value in found.items():
            if name not in kinds or name == "instance":
                raise ConfigError(f"config.toml: unknown setting {name!r}")
            values[name] = _convert(name, kinds[name], value)
    for name, kind in kinds.items():
        if name != "instance" and (value := os.environ.get(f"PORTAL_{name.upper()}")) is not None:
            values[name] = _convert(f"PORTAL_{name.upper()}", kind, value)
    values.update({k: v for k, v in overrides.items() if v is not None})
    values["instance"] = instance
    config = Config(**values)
    if not config.secret_key:
        config = replace(config, secret_key=_secret_key(instance))
    if len(config.secret_key) < 32:
        raise ConfigError("secret_key: at least 32 characters are needed")
    if config.mail_url and not config.mail_url.startswith(("mailto://", "mailtos://")):
        raise ConfigError("mail_url: expected mailto://… or mailtos://…")
    if config.site_url and not config.site_url.startswith(("http://", "https://")):
        raise ConfigError("site_url: expected http://… or https://…")
    return config
