import { formatNumber } from "../../../bytes/units.ts";
import type { EntryChange, EntryDifference } from "../../../verify/differences/difference.ts";
import { printable } from "../../terminal/text.ts";

const SIGNS: Readonly<Record<EntryDifference["type"], string>> = { added: "+", removed: "-", changed: "M" };

/** A difference as a line: `M  docs/a.txt  size 1,024 → 2,048`. */
export function differenceLine({ type, name, changes }: EntryDifference): string {
	const facts = changes.length === 0 ? "" : `  ${changes.map(describeChange).join(", ")}`;
	return printable(`${SIGNS[type]}  ${name}${facts}`);
}

/** A difference for programs: numbers as they are, times as ISO 8601. */
function describeChange(change: EntryChange): string {
	switch (change.field) {
		case "kind":
			return `${change.before} → ${change.after}`;
		case "size":
			return `size ${formatNumber(change.before)} → ${formatNumber(change.after)}`;
		case "crc32":
			return "content";
		case "mode":
			return `mode ${octal(change.before)} → ${octal(change.after)}`;
		case "mtime":
			return `time ${shortTime(change.before)} → ${shortTime(change.after)}`;
		default:
			return change satisfies never;
	}
}

function octal(mode: number): string {
	return mode.toString(8).padStart(4, "0");
}

/** Without a fraction that is zero. */
function shortTime(time: Date): string {
	return time.toISOString().replace(/\.000Z$/, "Z");
}
