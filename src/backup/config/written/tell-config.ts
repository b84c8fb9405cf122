import type { Occasion } from "../../tell/tell-settings.ts";
import type { Texts } from "./words.ts";

/** See {@link JobDefaults.webhook}. */
export interface WebhookConfig {
	/** Where to. */
	readonly url: string;
	/**
	 * When it is called.
	 *
	 * @defaultValue success and failure; of Apprise: failure
	 */
	readonly on?: Occasion | readonly Occasion[] | undefined;
	/** Headers of the request. Secrets among them are `${VAR}` or `file:/path`. */
	readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** See {@link JobDefaults.mail}. */
export interface MailConfig {
	/** `smtp://user:${PASSWORD}@host:587`, or `smtps://`. */
	readonly url: string;
	/** Address of the sender; by default that of the first recipient. */
	readonly from?: string | undefined;
	/** Addresses. */
	readonly to: Texts;
	/**
	 * When it is sent.
	 *
	 * @defaultValue failure
	 */
	readonly on?: Occasion | readonly Occasion[] | undefined;
}
