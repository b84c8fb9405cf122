import * as v from "valibot";
import { type Field, optional } from "../../../options/field.ts";
import { anyText, choice, count, flag, text } from "../../../options/kinds.ts";
import { parseShare } from "../../../options/share.ts";
import { BASE_CHECKS, UPLOAD_VERIFY_LEVELS } from "../../../upload/options.ts";
import { parseCalendarSpan, SPAN_RULE } from "../../retention/calendar-span.ts";
import { KEEP_COUNT_RULE, parseKeepCount } from "../../retention/keep-rules.ts";
import { FULL_RULE, parseFullEvery } from "../../rolling/full-every.ts";
import { OCCASIONS, type Occasion } from "../../tell/tell-settings.ts";
import { timeZoneOf } from "../../template/time-zone.ts";
import type {
	ArchivedConfig,
	CommandConfig,
	HookConfig,
	HooksConfig,
	JobDefaults,
	PathConfig,
	RollingConfig,
	ScheduleConfig,
	SourceConfig,
	UrlConfig,
} from "../written/job-config.ts";
import type { KeepConfig, KeepCount, ObjectLockConfig } from "../written/keep-config.ts";
import type { MailConfig, WebhookConfig } from "../written/tell-config.ts";
import type { CommandText } from "../written/words.ts";
import {
	duration,
	inJson,
	isMapping,
	isString,
	mapping,
	oneOf,
	oneOrMore,
	SECRET_PATTERN,
	textByName,
	textOrNumberThat,
	textThat,
} from "./config-kinds.ts";
import { checkCron } from "./cron.ts";
import { ARCHIVE_CONFIG, OBJECT_CONFIG, SOURCE_STORAGE_CONFIG, STORAGE_CONFIG } from "./upload-fields.ts";

const PREFIXES = { http: "^(https?://|file:)", smtp: "^(smtps?://|file:)" } as const;

const kept = () => optional(keepCount());
const keepCount = () =>
	textOrNumberThat<KeepCount>(
		KEEP_COUNT_RULE,
		{ anyOf: [{ type: "integer", minimum: 1 }, { const: "all" }] },
		parseKeepCount,
	);
const span = () => textThat(SPAN_RULE, "^(\\d+[a-z])+$", parseCalendarSpan);
const zone = () =>
	textThat("the name of a time zone, such as Europe/Berlin", undefined, (_label, text) => timeZoneOf(text));
const on = () => optional(oneOrMore(choice(OCCASIONS), 'a list of "start", "success" and "failure"'));

const COMMAND = "a line for the shell, or a list of program and arguments";

function command(): Field<CommandText> {
	const words = v.pipe(
		v.array(v.string("text; a list of program and arguments has no other lists in it"), COMMAND),
		v.nonEmpty(COMMAND),
	);
	return oneOf(COMMAND, [Array.isArray, words], [isString, text(COMMAND)]);
}

const HOOKS = "a line for the shell, or a list of commands";

function hook(): Field<HookConfig | undefined> {
	return optional(oneOf(HOOKS, [Array.isArray, v.array(command(), HOOKS)], [isString, text(HOOKS)]));
}

const SOURCE = "a path or address, or a mapping with path, url, archive or command";
const as = () => optional(anyText("a name in the archive"));
const has = (name: string) => (value: unknown) => isMapping(value) && name in (value as object);

const SOURCE_FIELD: Field<SourceConfig> = oneOf(
	SOURCE,
	[isString, path()],
	[has("command"), mapping<CommandConfig>({ command: command(), name: text("a name in the archive") })],
	[has("url"), mapping<UrlConfig>({ url: address(), as: as(), storage: optional(SOURCE_STORAGE_CONFIG) })],
	[
		has("archive"),
		mapping<ArchivedConfig>({
			archive: path("the path or address of an archive"),
			entry: optional(text("the name of an entry, or of a directory, in the archive")),
			as: as(),
			storage: optional(SOURCE_STORAGE_CONFIG),
		}),
	],
	[isMapping, mapping<PathConfig>({ path: path(), as: as() })],
);

/** Text that stands for an address, which is opened when the job runs. */
function address(): Field<string> {
	const allowed = "an address that begins with s3://, https:// or http://";
	return inJson(v.pipe(text(allowed), v.regex(/^(s3|https?):\/\//, allowed)), {
		type: "string",
		pattern: "^(s3|https?)://",
	});
}

function path(allowed = "the path of a file or directory"): Field<string> {
	return v.pipe(
		text(allowed),
		v.check((value) => !value.includes("\0"), allowed),
	);
}

export const SOURCES: Field<SourceConfig | readonly SourceConfig[]> = oneOrMore(SOURCE_FIELD, SOURCE);

const KEEP = mapping<KeepConfig>({
	last: kept(),
	hourly: kept(),
	daily: kept(),
	weekly: kept(),
	monthly: kept(),
	yearly: kept(),
	within: optional(span()),
	"within-hourly": optional(span()),
	"within-daily": optional(span()),
	"within-weekly": optional(span()),
	"within-monthly": optional(span()),
	"within-yearly": optional(span()),
	min: optional(count(1, Number.MAX_SAFE_INTEGER)),
});

const OBJECT_LOCK = mapping<ObjectLockConfig>({
	mode: choice(["governance", "compliance"]),
	max: optional(span()),
	interval: optional(duration()),
});

const HOOK_FIELDS = mapping<HooksConfig>({ before: hook(), after: hook(), failed: hook(), finally: hook() });

const SCHEDULE: Field<string | ScheduleConfig> = oneOf(
	"a cron expression, or a mapping with cron",
	[isString, cron()],
	[
		isMapping,
		mapping<ScheduleConfig>({ cron: cron(), "time-zone": optional(zone()), jitter: optional(duration()) }),
	],
);

function cron(): Field<string> {
	return textThat('a cron expression such as "30 2 * * *"', undefined, checkCron);
}

const webhook = (pattern?: string): Field<string | WebhookConfig> =>
	oneOf(
		"a URL, or a mapping with url",
		[isString, url("http", pattern)],
		[
			isMapping,
			mapping<WebhookConfig>({ url: url("http", pattern), on: on(), headers: optional(textByName()) }),
		],
	);

const MAIL = mapping<MailConfig>({
	url: url("smtp"),
	from: optional(text("an address")),
	to: oneOrMore(text("an address"), "an address, or a list of addresses"),
	on: on(),
});

const PING: Field<JobDefaults["ping"]> = oneOf(
	"a URL, or a mapping with start, success and failure",
	[isString, url("http", SECRET_PATTERN)],
	[
		isMapping,
		mapping<Partial<Record<Occasion, string>>>({
			start: optional(url("http", SECRET_PATTERN)),
			success: optional(url("http", SECRET_PATTERN)),
			failure: optional(url("http", SECRET_PATTERN)),
		}),
	],
);

function url(scheme: "http" | "smtp", pattern: string = PREFIXES[scheme]): Field<string> {
	const allowed = `a URL that begins with ${scheme}:// or ${scheme}s://`;
	const fits = (value: string) =>
		URL.canParse(value) && [`${scheme}:`, `${scheme}s:`].includes(new URL(value).protocol);
	return inJson(v.pipe(text(allowed), v.check(fits, allowed)), { type: "string", pattern });
}

const ROLLING: Field<boolean | RollingConfig> = oneOf(
	"true, false, or a mapping with base-check, ignore-ctime, join-runs or verify-sample",
	[(value) => typeof value === "boolean", flag()],
	[
		isMapping,
		mapping<RollingConfig>({
			"base-check": optional(choice(BASE_CHECKS)),
			"ignore-ctime": optional(flag()),
			"join-runs": optional(flag()),
			"verify-sample": optional(share()),
		}),
	],
);

/** A part of a whole, as a number or in percent. */
function share(): Field<number | string> {
	return textOrNumberThat(
		"a share such as 5% or 0.05",
		{
			anyOf: [
				{ type: "number", exclusiveMinimum: 0, maximum: 1 },
				{ type: "string", pattern: "^\\d+(\\.\\d+)?%?$" },
			],
		},
		parseShare,
	);
}

export const DEFAULTS: { readonly [Name in keyof JobDefaults]-?: Field<JobDefaults[Name]> } = {
	...STORAGE_CONFIG,
	...ARCHIVE_CONFIG,
	...OBJECT_CONFIG,
	target: optional(
		inJson(text("an address such as s3://bucket/{name}/%Y-%m-%d.zip"), { type: "string", pattern: "^s3://" }),
	),
	host: optional(text("the name of a machine")),
	"time-zone": optional(zone()),
	verify: optional(choice(UPLOAD_VERIFY_LEVELS)),
	keep: optional(KEEP),
	"prune-versions": optional(flag()),
	"require-drill": optional(span()),
	"object-lock": optional(OBJECT_LOCK),
	"lock-wait": optional(duration()),
	lease: optional(flag()),
	hooks: optional(HOOK_FIELDS),
	"skip-if-unchanged": optional(flag()),
	rolling: optional(ROLLING),
	full: optional(textThat(FULL_RULE, "^every +(\\d+[a-z])+$", parseFullEvery)),
	schedule: optional(SCHEDULE),
	ping: optional(PING as Field<Exclude<JobDefaults["ping"], undefined>>),
	webhook: optional(webhook()),
	mail: optional(MAIL),
	apprise: optional(webhook(SECRET_PATTERN)),
	"metrics-file": optional(text("the path of a file")),
};
