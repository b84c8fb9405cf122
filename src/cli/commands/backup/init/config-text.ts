import { stringify } from "yaml";

/** What a new config says. */
export interface ConfigAnswers {
	readonly name: string;
	readonly sources: readonly string[];
	/** A template. */
	readonly target: string;
	/** Settings about the storage, by their names. */
	readonly storage: Readonly<Record<string, string | boolean>>;
	/** Rules by their names; none removes nothing. */
	readonly keep: Readonly<Record<string, string>>;
	/** Cron expression. */
	readonly schedule: string;
	/** IANA name of the zone that the schedule is of. */
	readonly timeZone: string;
	readonly pingVariable: string | undefined;
	/** Where editors find the JSON Schema. */
	readonly schema: string;
}

/** The text of a config, with comments that say what else there is. */
export function configText(answers: ConfigAnswers): string {
	const { name, sources, target, storage, keep, schedule, timeZone, pingVariable, schema } = answers;
	const rules = Object.entries(keep);
	const lines = [
		`# yaml-language-server: $schema=${schema}`,
		"#",
		"# Backups by zipferry. `zipferry run --check` checks this file, `zipferry run` makes the backups.",
		"# Secrets never stand here: write ${VARIABLE}, or file:/path/of/a/file.",
		"",
		"# What every job has that says nothing else.",
		"defaults:",
		"  # {name} is the name of the job, {host} that of the machine; times are UTC.",
		`  target: ${scalar(target)}`,
		...Object.entries(storage).map(([setting, value]) => `  ${setting}: ${scalar(value)}`),
		"  # Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from a profile:",
		...("profile" in storage ? [] : ["  # profile: backup"]),
		"",
		"  # Archives that any rule keeps stay. The others are removed, once a new one is verified.",
		...(rules.length === 0
			? ["  # Without rules nothing is ever removed:", "  # keep: { daily: 7, weekly: 4, monthly: 12 }"]
			: ["  keep:", ...rules.map(([rule, count]) => `    ${rule}: ${count}`)]),
		"",
		"  # Called when a run begins, succeeds and fails, so that somebody notices when none does.",
		pingVariable === undefined ? "  # ping: ${PING_URL}" : `  ping: \${${pingVariable}}`,
		"",
		"jobs:",
		`  ${name}:`,
		"    sources:",
		...sources.map((source) => `      - ${scalar(source)}`),
		"      # What a command writes:",
		"      # - command: pg_dump shop",
		"      #   name: shop.sql",
		'    # exclude: ["*.tmp", node_modules/]',
		"    # Leaves out what cannot be read, with exit code 3:",
		"    # skip-errors: true",
		"    # Sends only what has changed, and lets the storage copy the rest from the archive before:",
		"    # rolling: true",
		"    # full: every 30d",
		"",
		"    # For `zipferry schedule`; cron has times of its own.",
		"    schedule:",
		`      cron: ${scalar(schedule)}`,
		`      time-zone: ${scalar(timeZone)}`,
	];
	return `${lines.join("\n")}\n`;
}

/** A value in one line. A dollar sign begins no variable. */
function scalar(value: string | boolean): string {
	const text = typeof value === "string" ? value.replaceAll("$", "$$$$") : value;
	return stringify(text, { lineWidth: 0, blockQuote: false }).trim();
}
