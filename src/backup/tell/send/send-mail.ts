import { isIP } from "node:net";
import { messageOf } from "../../../errors.ts";
import type { Mail } from "../tell-settings.ts";
import { TellError } from "./tell-error.ts";

export interface MailText {
	readonly subject: string;
	readonly text: string;
}

/** Milliseconds for each step; the whole try has a limit of its own. */
const STEP_MS = 10_000;

/** What nodemailer's errors have besides a message. */
interface MailFailure {
	/** Such as `EAUTH` or `ECONNECTION`. */
	readonly code?: unknown;
	/** Of the server's answer; from 500 on it is final (RFC 5321, 4.2.1). */
	readonly responseCode?: unknown;
}

/**
 * Sends one mail, as plain text. `smtps:` is TLS from the first byte. `smtp:` uses STARTTLS where the server offers it,
 * and insists on it before it sends a password. On this machine itself there is no TLS: mail servers have no
 * certificate for `localhost`.
 *
 * @throws {TellError} with the server's words.
 */
export async function sendMail(
	{ url, from, to }: Mail,
	{ subject, text }: MailText,
	ca: string[] | undefined,
	signal: AbortSignal,
): Promise<void> {
	const { createTransport } = await import("nodemailer");
	const { hostname, port, username, password, protocol } = new URL(url);
	const host = hostname.replace(/^\[|\]$/g, "");
	const secure = protocol === "smtps:";
	const isHere = isLoopback(host);
	const usualPort = secure ? 465 : username === "" ? 25 : 587;
	const auth = username === "" ? {} : { auth: { user: decoded(username), pass: decoded(password) } };
	const transport = createTransport({
		host,
		port: port === "" ? usualPort : Number(port),
		secure,
		requireTLS: !secure && username !== "" && !isHere,
		ignoreTLS: !secure && isHere,
		...auth,
		...(ca === undefined ? {} : { tls: { ca } }),
		connectionTimeout: STEP_MS,
		greetingTimeout: STEP_MS,
		socketTimeout: STEP_MS,
		dnsTimeout: STEP_MS,
		disableFileAccess: true,
		disableUrlAccess: true,
	});
	try {
		const headers = { "Auto-Submitted": "auto-generated" }; // RFC 3834: no answers of people who are away
		await transport.sendMail({ from, to: [...to], subject, text, headers, signal } as Parameters<
			typeof transport.sendMail
		>[0]);
	} catch (error) {
		signal.throwIfAborted();
		const { responseCode } = error as MailFailure;
		const mayPass = typeof responseCode === "number" ? responseCode < 500 : true;
		throw new TellError(messageOf(error), { mayPass });
	} finally {
		transport.close();
	}
}

function isLoopback(host: string): boolean {
	return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // with a "%" that was meant as one
	}
}
