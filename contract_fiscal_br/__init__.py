from . import controllers
from . import backends
from . import drivers
from . import models
from . import wizards
