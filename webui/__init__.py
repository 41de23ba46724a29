"""The pages: everything that is found, shown to this machine only.

``create_app(config)`` builds the application; ``serve`` binds it to a loopback address.
"""

from webui.app import create_app
from webui.server import serve

__all__ = ["create_app", "serve"]
