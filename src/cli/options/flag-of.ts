import { ARCHIVE_OPTIONS } from "./archive-options.ts";
import { BACKUP_OPTIONS } from "./backup/backup-options.ts";
import { CONFIG_OPTIONS } from "./backup/config-options.ts";
import { TEMPLATE_OPTIONS } from "./backup/template-options.ts";
import { BASE_OPTIONS } from "./base/base-options.ts";
import { CONNECT_OPTIONS } from "./connect-options.ts";
import { EXTRACT_OPTIONS } from "./extract-options.ts";
import type { OptionTable } from "./option.ts";
import { PUT_OPTIONS } from "./put-options.ts";
import { QUEUE_OPTIONS } from "./queue/queue-options.ts";
import { READER_OPTIONS } from "./reader-options.ts";
import { FINISH_OPTIONS, PLAN_OPTIONS } from "./shards/shards-options.ts";
import { REMOTE_OPTIONS } from "./sources/remote-options.ts";
import { UPLOADS_OPTIONS } from "./uploads-options.ts";
import { DIFF_OPTIONS, VERIFY_OPTIONS } from "./verify-options.ts";

const TABLES: readonly OptionTable[] = [
	ARCHIVE_OPTIONS,
	REMOTE_OPTIONS,
	CONNECT_OPTIONS,
	PUT_OPTIONS,
	BASE_OPTIONS,
	READER_OPTIONS,
	EXTRACT_OPTIONS,
	UPLOADS_OPTIONS,
	VERIFY_OPTIONS,
	DIFF_OPTIONS,
	TEMPLATE_OPTIONS,
	BACKUP_OPTIONS,
	CONFIG_OPTIONS,
	QUEUE_OPTIONS,
	PLAN_OPTIONS,
	FINISH_OPTIONS,
];

/** Options of the library that operands set, in words. */
const OPERANDS: Readonly<Record<string, string>> = {
	sources: "a source",
	bucket: "the bucket",
	key: "the key",
	prefix: "the key",
	patterns: "a pattern",
	sourceStorage: "the storage of sources",
	as: "NAME= in front of it",
};

/**
 * What sets an option of the library on the command line; its name as it is if nothing does.
 *
 * @param path - The option, or something in it: `region`, `metadata.owner`, `sources[2]`.
 */
export function flagOf(path: string): string {
	const [, ofSources] = /^sourceStorage\.(\w+)/.exec(path) ?? [];
	if (ofSources !== undefined) return `--source-${flagOf(ofSources).replace(/^--/, "")}`;
	const [, option = "", rest = ""] = /^([^.[]*)(.*)$/s.exec(path) ?? [];
	const flag = find(option);
	if (flag === undefined) return OPERANDS[option] ?? path;
	return rest.startsWith(".") ? `--${flag} ${rest.slice(1)}` : `--${flag}`;
}

function find(option: string): string | undefined {
	return TABLES.flatMap((table) => Object.entries(table)).find(([, { sets }]) => sets === option)?.[0];
}
