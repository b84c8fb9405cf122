import { redact } from "../../secrets/redact.ts";
import type { RunReport } from "../run-report.ts";
import { reportText, subjectOf } from "./report-text.ts";
import type { Notice } from "./send/http-sender.ts";
import type { Occasion, PingUrls, Webhook } from "./tell-settings.ts";

const SUFFIXES: Readonly<Record<Occasion, string>> = { start: "/start", success: "", failure: "/fail" };

/**
 * A ping. One address for all is that of healthchecks.io and what is like it: `/start` and `/fail` go behind it, `rid`
 * puts start and end of a run together, and the report goes along. Addresses for each occasion are asked for as they
 * are: each service has its own ways there.
 */
export function pingNotice(
	ping: PingUrls,
	occasion: Occasion,
	report: RunReport,
	runId: string,
): Notice | undefined {
	if (typeof ping !== "string") {
		const url = ping[occasion];
		return url === undefined ? undefined : { method: "GET", url };
	}
	const url = new URL(ping);
	url.pathname = url.pathname.replace(/\/+$/, "") + SUFFIXES[occasion];
	url.searchParams.set("rid", runId);
	if (occasion === "start") return { method: "GET", url: url.href };
	return textNotice(url.href, reportText(report));
}

/** The report as JSON. */
export function webhookNotice({ url, headers }: Webhook, report: RunReport): Notice {
	return jsonNotice(url, headers, report);
}

const APPRISE_TYPES: Readonly<Record<RunReport["status"], string>> = {
	running: "info",
	success: "success",
	unchanged: "success",
	failure: "failure",
};

/** As the stateful endpoint of Apprise API takes it: `/notify/KEY`. */
export function appriseNotice({ url, headers }: Webhook, report: RunReport): Notice {
	const skipped = report.status === "success" && report.exitCode !== 0;
	const type = skipped ? "warning" : APPRISE_TYPES[report.status];
	const title = redact(subjectOf(report));
	return jsonNotice(url, headers, { title, body: reportText(report), type, format: "text" });
}

function textNotice(url: string, body: string): Notice {
	return { method: "POST", url, body, headers: { "content-type": "text/plain; charset=utf-8" } };
}

function jsonNotice(url: string, headers: Readonly<Record<string, string>>, value: object): Notice {
	const body = redact(JSON.stringify(value));
	return {
		method: "POST",
		url,
		body,
		headers: { "content-type": "application/json", ...lowerCase(headers) },
	};
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
