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
