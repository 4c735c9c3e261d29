import {registry} from "@web/core/registry";

/* The manager adjusts prices by a percentage and sees what each contract pays. */
registry.category("web_tour.tours").add("contract_recurring_price_adjustment", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {
            trigger: ".o_field_widget[name=method] input, .o_field_widget[name=method] select",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Fixed percentage)",
            run: "click",
        },
        {trigger: ".o_field_widget[name=percent] input", run: "edit 10"},
        {trigger: ".o_field_widget[name=notice_days] input", run: "edit 0"},
        {trigger: ".o_form_editable button[name=action_simulate]", run: "click"},
        {
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=simulated]",
        },
        {
            content: "the effect is shown beforehand",
            trigger: ".o_field_widget[name=difference]:contains(9.99)",
        },
        {trigger: ".btn:contains(under 12 months)"},
        {trigger: "button[name=action_confirm]", run: "click"},
        {trigger: ".modal .btn-primary", run: "click"},
        {trigger: ".o_statusbar_status .o_arrow_button_current[data-value=done]"},
        {trigger: "button:contains(See all)", run: "click"},
        {trigger: ".o_data_row [name=amount_after]:contains(109.89)"},
    ],
});
