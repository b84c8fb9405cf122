import type { Occasion, TellSettings, Webhook } from "../../tell/tell-settings.ts";
import type { JobDefaults } from "../written/job-config.ts";
import type { WebhookConfig } from "../written/tell-config.ts";
import { listed } from "./listed.ts";
import type { LocalPaths } from "./local-paths.ts";

export function tellSettings(job: JobDefaults, { pathOf }: LocalPaths): TellSettings {
	const { ping, webhook, mail, apprise, "metrics-file": metrics } = job;
	return {
		ping,
		webhook: webhookOf(webhook, ["success", "failure"]),
		mail: mail && {
			url: mail.url,
			from: mail.from,
			to: listed(mail.to),
			on: occasionsOf(mail.on, ["failure"]),
		},
		apprise: webhookOf(apprise, ["failure"]),
		metricsFile: metrics === undefined ? undefined : pathOf(metrics),
	};
}

function webhookOf(
	written: string | WebhookConfig | undefined,
	usual: readonly Occasion[],
): Webhook | undefined {
	if (written === undefined) return undefined;
	const { url, on, headers = {} } = typeof written === "string" ? { url: written } : written;
	return { url, on: occasionsOf(on, usual), headers };
}

function occasionsOf(
	written: Occasion | readonly Occasion[] | undefined,
	usual: readonly Occasion[],
): readonly Occasion[] {
	return written === undefined ? usual : listed(written);
}
