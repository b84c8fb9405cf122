import type { INIT_OPTIONS } from "../../../options/backup/init-options.ts";
import type { KEEP_OPTIONS } from "../../../options/backup/keep-options.ts";
import type { CONNECT_OPTIONS } from "../../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../../options/output-options.ts";
import type { Given } from "../../command.ts";

type InitOptions = typeof INIT_OPTIONS &
	typeof KEEP_OPTIONS &
	typeof CONNECT_OPTIONS &
	Pick<typeof OUTPUT_OPTIONS, "quiet" | "debug">;

/** The arguments of init. */
export type InitGiven = Given<InitOptions, Readonly<Record<never, never>>>;
