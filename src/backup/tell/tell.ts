import { randomUUID } from "node:crypto";
import type { Warning, WarningCode } from "../../advice/warning.ts";
import { ZipferryError } from "../../errors.ts";
import { findAuthorities } from "../../s3/client/authorities.ts";
import { rememberSecrets } from "../../secrets/known-secrets.ts";
import { redact } from "../../secrets/redact.ts";
import { systemReason } from "../../sources/files/describe-file.ts";
import type { RunReport } from "../run-report.ts";
import { labelsOf, metricsOf, writeMetrics } from "./metrics.ts";
import { appriseNotice, pingNotice, webhookNotice } from "./notices.ts";
import { reportText, subjectOf } from "./report-text.ts";
import { type HttpSender, type Notice, openHttpSender } from "./send/http-sender.ts";
import { PATIENCE, type Patience, tryToTell } from "./send/patience.ts";
import { sendMail } from "./send/send-mail.ts";
import type { Mail, Occasion, TellSettings } from "./tell-settings.ts";

export interface TellerOptions {
	/** File with certificates of authorities to trust as well. */
	readonly caFile?: string | undefined;
	/** How long each is tried to be told. */
	readonly patience?: Patience | undefined;
}

/** Tells all who want to know how one run goes. */
export interface Teller {
	/**
	 * Tells all of them at once, each for some time.
	 *
	 * @returns a warning for each that could not be told.
	 * @throws the reason of the signal only.
	 */
	tell(occasion: Occasion, report: RunReport, signal?: AbortSignal | undefined): Promise<readonly Warning[]>;
}

/** For one run: what it tells has an id in common. */
export function createTeller(
	settings: TellSettings,
	{ caFile, patience = PATIENCE }: TellerOptions = {},
): Teller {
	const runId = randomUUID();
	rememberSecrets(passwordOf(settings.mail?.url), ...secretHeaders(settings));
	return {
		async tell(occasion, report, signal) {
			signal?.throwIfAborted();
			const told = tellings(settings, occasion, report, runId);
			if (told.length === 0) return [];
			const sender = lazySender(caFile);
			try {
				const warnings = await Promise.all(
					told.map((one) => attempt(one, { sender, caFile, patience, signal })),
				);
				return warnings.filter((warning) => warning !== undefined);
			} finally {
				await sender.close();
			}
		},
	};
}

/** One who is told. */
interface Telling {
	/** For the message: neither path nor query of an address, which are secrets. */
	readonly who: string;
	readonly code: WarningCode;
	tell(means: Means, signal: AbortSignal): Promise<void>;
}

interface Means {
	readonly sender: LazySender;
	readonly caFile: string | undefined;
	readonly patience: Patience;
	readonly signal: AbortSignal | undefined;
}

function tellings(
	{ ping, webhook, mail, apprise, metricsFile }: TellSettings,
	occasion: Occasion,
	report: RunReport,
	runId: string,
): readonly Telling[] {
	return [
		...(ping === undefined ? [] : byHttp("the ping", pingNotice(ping, occasion, report, runId))),
		...(webhook?.on.includes(occasion) ? byHttp("the webhook", webhookNotice(webhook, report)) : []),
		...(apprise?.on.includes(occasion) ? byHttp("Apprise", appriseNotice(apprise, report)) : []),
		...(mail?.on.includes(occasion) ? [byMail(mail, report)] : []),
		...(metricsFile === undefined || occasion === "start" ? [] : [byFile(metricsFile, report)]),
	];
}

function byHttp(what: string, notice: Notice | undefined): readonly Telling[] {
	if (notice === undefined) return [];
	const who = `${what} at ${new URL(notice.url).host}`;
	const tell = async ({ sender }: Means, signal: AbortSignal): Promise<void> =>
		(await sender.open()).send(notice, signal);
	return [{ who, code: "NOT_TOLD", tell }];
}

function byMail(mail: Mail, report: RunReport): Telling {
	const text = { subject: redact(subjectOf(report)), text: reportText(report) };
	return {
		who: `the mail server ${new URL(mail.url).host}`,
		code: "NOT_TOLD",
		tell: async ({ caFile }, signal) =>
			sendMail(mail, text, await findAuthorities(caFile, undefined), signal),
	};
}

function byFile(path: string, report: RunReport): Telling {
	return {
		who: `the metrics file ${path}`,
		code: "METRICS_NOT_WRITTEN",
		tell: () => writeMetrics(path, labelsOf(report), metricsOf(report)),
	};
}

async function attempt({ who, code, tell }: Telling, means: Means): Promise<Warning | undefined> {
	try {
		await tryToTell((signal) => tell(means, signal), means.patience, means.signal);
		return undefined;
	} catch (error) {
		means.signal?.throwIfAborted();
		const what = code === "NOT_TOLD" ? "could not be told of the run" : "could not be written";
		return { code, message: redact(`${who} ${what}: ${reasonOf(error)}`) };
	}
}

/** Without advice, and without the name of a draft. */
function reasonOf(error: unknown): string {
	return error instanceof ZipferryError ? error.problem : systemReason(error);
}

/** Loaded and opened by the first who needs it. */
interface LazySender {
	open(): Promise<HttpSender>;
	close(): Promise<void>;
}

function lazySender(caFile: string | undefined): LazySender {
	let opening: Promise<HttpSender> | undefined;
	return {
		open() {
			opening ??= openHttpSender(caFile);
			return opening;
		},
		async close() {
			(await opening?.catch(() => undefined))?.close();
		},
	};
}

function passwordOf(url: string | undefined): string | undefined {
	if (url === undefined) return undefined;
	try {
		return decodeURIComponent(new URL(url).password);
	} catch {
		return undefined;
	}
}

/** Names of headers whose values are nobody's business. */
const SECRET_HEADER = /auth|cookie|token|secret|key|password|signature/i;

function secretHeaders({ webhook, apprise }: TellSettings): readonly string[] {
	const headers = [webhook, apprise].flatMap((hook) => Object.entries(hook?.headers ?? {}));
	return headers.filter(([name]) => SECRET_HEADER.test(name)).map(([, value]) => value);
}
