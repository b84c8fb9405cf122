import { type OptionSchema, optional, schemaOf } from "../options/field.ts";
import { callback, signal } from "../options/kinds.ts";
import { type ObjectAddress, PREFIX_ADDRESS_FIELDS, type PrefixAddress } from "../s3/address.ts";
import { CONNECT_FIELDS, type ConnectDefaults, type ConnectOptions } from "../s3/options.ts";

/** Which bucket is examined, and how it is reached. */
export interface ExamineOptions extends ConnectOptions, PrefixAddress {
	readonly signal?: AbortSignal | undefined;
	/** Told before anything is put under a throw-away key. */
	readonly onTrial?: ((address: ObjectAddress) => void) | undefined;
}

export const EXAMINE_SCHEMA: OptionSchema<ExamineOptions, ConnectDefaults> = schemaOf<
	ExamineOptions,
	ConnectDefaults
>()({
	...CONNECT_FIELDS,
	...PREFIX_ADDRESS_FIELDS,
	signal: optional(signal()),
	onTrial: optional(callback<(address: ObjectAddress) => void>()),
});
