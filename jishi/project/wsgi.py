"""The WSGI application that the server loads; the worker runs in a thread of it where ``jishi serve`` says so."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jishi.project.settings")
application = get_wsgi_application()
gc.freeze()  # what is loaded by now stays, so it need not be walked through again and again

if os.environ.get("JISHI_WORKER_INSIDE") == "1":
    from jishi.jobs.worker import start_inside

    start_inside()
