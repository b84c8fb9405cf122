import type { ZipferryEventListener } from "../events.ts";
import { type OptionSchema, optional, schemaOf, withDefault } from "../options/field.ts";
import { callback, signal } from "../options/kinds.ts";
import { type ObjectAddress, PREFIX_ADDRESS_FIELDS, type PrefixAddress } from "../s3/address.ts";
import { CONNECT_FIELDS, type ConnectDefaults, type ConnectOptions, retryTime } from "../s3/options.ts";

/** Which bucket is examined, and how it is reached. */
export interface ExamineOptions extends ConnectOptions, PrefixAddress {
	/**
	 * Milliseconds for which a request is retried that fails for a temporary reason.
	 *
	 * @defaultValue 3 seconds
	 */
	readonly retryTimeMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Told of retries and requests. */
	readonly onEvent?: ZipferryEventListener | undefined;
	/** Told before anything is put under a throw-away key. */
	readonly onTrial?: ((address: ObjectAddress) => void) | undefined;
}

type ExamineDefaults = ConnectDefaults | "retryTimeMs";

export const EXAMINE_SCHEMA: OptionSchema<ExamineOptions, ExamineDefaults> = schemaOf<
	ExamineOptions,
	ExamineDefaults
>()({
	...CONNECT_FIELDS,
	...PREFIX_ADDRESS_FIELDS,
	// A blip is over by then.
	retryTimeMs: withDefault(retryTime(), 3_000),
	signal: optional(signal()),
	onEvent: optional(callback<ZipferryEventListener>()),
	onTrial: optional(callback<(address: ObjectAddress) => void>()),
});
