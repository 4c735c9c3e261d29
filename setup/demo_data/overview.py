"""Health, alerts and answers of customers, for the screens that show them."""

FEEDBACK = ((5, "Instalação rápida, atendimento ótimo."), (1, "Lenta à noite."))


def show_health(env):
    """Give contracts their colour, staff their alerts, and two contracts a rating."""
    company = env.company
    company.write(
        {
            "is_contract_alerted": True,
            "contract_alert_user_id": env.ref("base.user_admin").id,
        }
    )
    contracts = env["contract.contract"]
    contracts._cron_refresh_service_state()
    contracts._cron_refresh_health()
    rated = contracts.search([("health", "!=", False)], limit=len(FEEDBACK), order="id")
    for contract, (rate, words) in zip(rated, FEEDBACK, strict=False):
        if not contract.rating_count:
            token = contract._rating_get_access_token()
            contract.rating_apply(rate, token=token, feedback=words)
    contracts._cron_raise_alerts()
    env.cr.commit()
