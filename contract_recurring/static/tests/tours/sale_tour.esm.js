import {registry} from "@web/core/registry";

/* A salesperson sells a plan by a quote and sees the contract it made. */
registry.category("web_tour.tours").add("contract_recurring_sell_plan", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_field_widget[name=partner_id] input", run: "edit Maria Tour"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Maria Tour)",
            run: "click",
        },
        {trigger: ".o_field_widget[name=plan_id] input", run: "edit Fibra Tour"},
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Fibra Tour)",
            run: "click",
        },
        {
            content: "the plan's product is on the quote, charged every month",
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(Internet)",
        },
        {
            content: "what recurs is told apart",
            trigger: ".o_field_widget[name=recurring_summary]:contains(99.90)",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved button[name=action_confirm]:visible", run: "click"},
        {trigger: "button[name=action_view_contracts]", run: "click"},
        {
            content: "the contract waits for its activation",
            trigger:
                ".o_statusbar_status .o_arrow_button_current[data-value=waiting]",
        },
    ],
});
