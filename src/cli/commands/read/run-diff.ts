import { EXIT } from "../../exit-codes.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { DIFF_OPTIONS } from "../../options/verify-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printJson } from "../../terminal/report.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import { formatCount } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { noticeArchives } from "../connect-notices.ts";
import { differenceLine } from "./difference-line.ts";
import { treeSettings } from "./tree-settings.ts";

type DiffOptions = typeof DIFF_OPTIONS & typeof OUTPUT_OPTIONS & typeof CONNECT_OPTIONS;
type DiffGiven = Given<DiffOptions, { readonly before: string; readonly after: string }>;

export async function runDiff(given: DiffGiven, io: Io): Promise<number> {
	const { operands, values, settings } = given;
	const { before, after } = operands;
	noticeArchives([before, after], values, io);
	const tree = await treeSettings(given, io);
	const onEvent = storageEvents(values, io);
	const options = { ...settings, ...tree, signal: io.signal, onEvent };
	const { diffArchives } = await import("../../../verify/differences/diff-archives.ts");
	const counts = { added: 0, removed: 0, changed: 0 };
	for await (const difference of diffArchives(before, after, options)) {
		counts[difference.type]++;
		if (values.json === true) await printJson(io, difference);
		else await io.stdout.print(`${differenceLine(difference)}\n`);
	}
	const total = counts.added + counts.removed + counts.changed;
	if (values.quiet !== true) writeLine(io.stderr, total === 0 ? "no differences" : describe(counts));
	return total === 0 ? EXIT.ok : EXIT.integrity;
}

function describe({
	added,
	removed,
	changed,
}: Readonly<Record<"added" | "removed" | "changed", number>>): string {
	return `${formatCount(added, "entry", "entries")} added, ${removed} removed, ${changed} changed`;
}
