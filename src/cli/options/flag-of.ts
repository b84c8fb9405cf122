import { ARCHIVE_OPTIONS } from "./archive-options.ts";
import { CONNECT_OPTIONS } from "./connect-options.ts";
import type { OptionTable } from "./option.ts";
import { PUT_OPTIONS } from "./put-options.ts";
import { UPLOADS_OPTIONS } from "./uploads-options.ts";

const TABLES: readonly OptionTable[] = [ARCHIVE_OPTIONS, CONNECT_OPTIONS, PUT_OPTIONS, UPLOADS_OPTIONS];

/** The flag that sets an option of the library; its name as it is if none does. */
export function flagOf(option: string): string {
	for (const table of TABLES)
		for (const [name, { sets }] of Object.entries(table)) if (sets === option) return `--${name}`;
	return option;
}
