from . import contract_activate
