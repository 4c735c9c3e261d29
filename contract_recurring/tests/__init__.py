from . import (
    test_billing_calendar,
    test_billing_run,
    test_contract,
    test_contract_change,
    test_contract_charge,
    test_contract_file,
    test_contract_import,
    test_contract_life_machine,
    test_contract_lifecycle,
    test_permissions,
    test_tours,
    test_translations,
)
