import type { Mail, Occasion, TellSettings, Webhook } from "../../tell/tell-settings.ts";
import type { JobDefaults } from "../written/job-config.ts";
import type { MailConfig, WebhookConfig } from "../written/tell-config.ts";
import { listed } from "./listed.ts";
import type { LocalPaths } from "./local-paths.ts";

/** What stands for `{name}` and `{host}`. */
export interface Names {
	readonly name: string;
	readonly host: string;
}

export function tellSettings(job: JobDefaults, names: Names, { pathOf }: LocalPaths): TellSettings {
	const { ping, webhook, mail, apprise, "metrics-file": metrics } = job;
	const inUrl = (url: string) => filled(url, names, encodeURIComponent);
	return {
		ping: pingUrls(ping, inUrl),
		webhook: webhookOf(webhook, inUrl, ["success", "failure"]),
		mail: mail && mailOf(mail),
		apprise: webhookOf(apprise, inUrl, ["failure"]),
		metricsFile: metrics === undefined ? undefined : pathOf(filled(metrics, names, (name) => name)),
	};
}

function pingUrls(written: JobDefaults["ping"], inUrl: (url: string) => string): TellSettings["ping"] {
	if (written === undefined || typeof written === "string") return written && inUrl(written);
	return Object.fromEntries(Object.entries(written).map(([occasion, url]) => [occasion, inUrl(url)]));
}

/** The text with the names of the job and of the machine in it, so that all jobs can share one default. */
function filled(text: string, { name, host }: Names, encode: (name: string) => string): string {
	return text.replaceAll("{name}", encode(name)).replaceAll("{host}", encode(host));
}

function mailOf({ url, from, to, on }: MailConfig): Mail {
	const recipients = listed(to);
	return { url, from: from ?? recipients[0] ?? "", to: recipients, on: occasionsOf(on, ["failure"]) };
}

function webhookOf(
	written: string | WebhookConfig | undefined,
	inUrl: (url: string) => string,
	usual: readonly Occasion[],
): Webhook | undefined {
	if (written === undefined) return undefined;
	const { url, on, headers = {} } = typeof written === "string" ? { url: written } : written;
	return { url: inUrl(url), on: occasionsOf(on, usual), headers };
}

function occasionsOf(
	written: Occasion | readonly Occasion[] | undefined,
	usual: readonly Occasion[],
): readonly Occasion[] {
	return written === undefined ? usual : listed(written);
}
