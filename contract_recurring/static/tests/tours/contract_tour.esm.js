import {registry} from "@web/core/registry";

/* A clerk sells a plan: customer, plan, save, activate. */
registry.category("web_tour.tours").add("contract_recurring_new_contract", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_field_widget[name=partner_id] input", run: "edit Maria Tour"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Maria Tour)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=contract_template_id] input",
            run: "edit Fibra Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Fibra Tour)",
            run: "click",
        },
        {
            content: "the plan has filled products and amount",
            trigger:
                ".o_field_widget[name=contract_line_ids] .o_data_row:contains(Internet)",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved button:contains(Activate)", run: "click"},
        {
            content: "what the first invoice will charge is shown beforehand",
            trigger: ".modal .o_field_widget[name=preview]:contains(99.90)",
        },
        {trigger: ".modal button[name=action_activate]", run: "click"},
        {
            trigger:
                ".o_statusbar_status .o_arrow_button_current[data-value=active]",
        },
    ],
});

/* Somebody of the billing office bills a month and looks at what failed. */
registry.category("web_tour.tours").add("contract_recurring_billing_run", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_form_editable button[name=action_simulate]", run: "click"},
        {
            trigger:
                ".o_statusbar_status .o_arrow_button_current[data-value=simulated]",
        },
        {trigger: ".o_field_widget[name=item_count]:contains(2)"},
        {trigger: "button[name=action_approve]", run: "click"},
        {
            trigger:
                ".o_statusbar_status .o_arrow_button_current[data-value=approved]",
        },
        {trigger: "button[name=action_start]", run: "click"},
        {trigger: ".modal .btn-primary", run: "click"},
        {trigger: ".o_statusbar_status .o_arrow_button_current[data-value=done]"},
        {trigger: ".alert-danger button:contains(See What Failed)", run: "click"},
        {
            content: "the failure is told in words",
            trigger: ".o_data_row [name=message]:contains(archived)",
        },
    ],
});

/* A clerk moves a customer to a larger plan and sees beforehand what it costs. */
registry.category("web_tour.tours").add("contract_recurring_change_plan", {
    steps: () => [
        {trigger: ".o_data_row:contains(Maria Tour) .o_data_cell", run: "click"},
        {trigger: ".o_form_view button:contains(Change Plan)", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=plan_id] input",
            run: "edit Fibra Maior",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Fibra Maior)",
            run: "click",
        },
        {
            content: "what the change costs is shown beforehand",
            trigger: ".modal .o_field_widget[name=preview]:contains(129.90)",
        },
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=contract_template_id]:contains(Fibra Maior)",
        },
    ],
});

/* A clerk cancels a contract, sees what that costs, and takes the customer back. */
registry.category("web_tour.tours").add("contract_recurring_cancel_and_reactivate", {
    steps: () => [
        {trigger: ".o_data_row:contains(Maria Tour) .o_data_cell", run: "click"},
        {
            trigger: ".o_form_view .o_arrow_button_current[data-value=active]",
        },
        {trigger: ".o_cp_action_menus button.dropdown-toggle", run: "click"},
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Cancel Contract)",
            run: "click",
        },
        {
            content: "the penalty is part of what is still to be billed",
            trigger: ".modal .o_field_widget[name=preview]:contains(275.00)",
        },
        {trigger: ".modal .o_field_widget[name=reason_id] input", run: "click"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Moved to a place)",
            run: "click",
        },
        {trigger: ".modal button[name=action_close]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current[data-value=closed]",
        },
        {trigger: ".o_statusbar_buttons button:contains(Reactivate)", run: "click"},
        {
            content: "what the return costs is shown beforehand",
            trigger: ".modal .o_field_widget[name=preview]:contains(99.90)",
        },
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current[data-value=active]",
        },
    ],
});
