import {onMounted, onWillUnmount} from "@odoo/owl";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {registry} from "@web/core/registry";

const REFRESH_MS = 2000;
const RUNNING_STATES = new Set(["running", "undoing"]);

/**
 * Progress of a billing run, read again every two seconds while it runs, so
 * that nobody has to reload the page.
 */
export class RunProgressField extends ProgressBarField {
    setup() {
        super.setup();
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), REFRESH_MS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        const {record} = this.props;
        if (!RUNNING_STATES.has(record.data.state) || this.isLoading || record.dirty) {
            return;
        }
        this.isLoading = true;
        try {
            await record.load();
        } finally {
            this.isLoading = false;
        }
    }
}

registry.category("fields").add("contract_run_progress", {
    ...progressBarField,
    component: RunProgressField,
});
