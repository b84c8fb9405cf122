/** Who is told how a run went. A notifier that fails does not fail the run, and is reported. */
export interface TellSettings {
	/** As healthchecks.io has it: GET on success, `/start` and `/fail` appended, with the error line as the body. */
	readonly ping: PingUrls | undefined;
	/** Gets a {@link RunReport} as JSON by POST. */
	readonly webhook: Webhook | undefined;
	readonly mail: Mail | undefined;
	/** Address of an Apprise API server, `http://host:8000/notify/key`. */
	readonly apprise: Webhook | undefined;
	/** Path of a file for the textfile collector of Prometheus' node exporter; replaced atomically. */
	readonly metricsFile: string | undefined;
}

/** What happened to a run, and when somebody wants to hear of it. */
export const OCCASIONS = ["start", "success", "failure"] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** One address for all, or one each. */
export type PingUrls = string | Readonly<Partial<Record<Occasion, string>>>;

export interface Webhook {
	readonly url: string;
	/** When it is called. */
	readonly on: readonly Occasion[];
	readonly headers: Readonly<Record<string, string>>;
}

export interface Mail {
	/** `smtp://user:password@host:587` or `smtps://…`. */
	readonly url: string;
	readonly from: string;
	readonly to: readonly string[];
	readonly on: readonly Occasion[];
}
