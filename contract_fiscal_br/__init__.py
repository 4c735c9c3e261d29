from . import controllers
from . import drivers
from . import models
