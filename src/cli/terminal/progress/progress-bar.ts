import { formatBytes, formatCount, formatSeconds } from "../text.ts";
import { columnsOf, endOf } from "../text-width.ts";
import type { Pulse } from "./pace.ts";

const SHORTEST_BAR = 3;
const LONGEST_BAR = 20;
const SHORTEST_NAME = 8;

/** What a bar shows. */
export interface BarState extends Pulse {
	/** Bytes of these that an earlier run had sent. */
	readonly resumedSize: number;
	/** Entries that are complete. */
	readonly entryCount: number;
	/** The entry that is being archived, printable. */
	readonly entryName: string;
}

/** One part of the line; the lower its rank, the longer it stays when the line gets shorter. */
interface Field {
	readonly rank: number;
	readonly text: string;
}

/** Draws a line of at most so many columns: the share and the time left stay longest. */
export function drawProgress(state: BarState, columns: number, unicode: boolean): string {
	const { share } = state;
	const room = share === undefined ? 0 : SHORTEST_BAR + 1;
	const fields = fitting(share === undefined ? openFields(state) : fieldsOf(state, share), columns, room);
	const text = fields.map((field) => field.text).join(" ");
	const left = columns - columnsOf(text) - 1;
	const barSize = share === undefined || left < SHORTEST_BAR ? 0 : Math.min(LONGEST_BAR, left);
	const bar = barSize === 0 ? "" : `${drawBar(share ?? 0, barSize, unicode)} `;
	const nameSize = left - bar.length;
	const name = nameSize < SHORTEST_NAME ? "" : ` ${endOf(state.entryName, nameSize)}`;
	return `${bar}${text}${name}`;
}

function fieldsOf({ rate, secondsLeft, ...state }: BarState, share: number): readonly Field[] {
	return [
		{ rank: 0, text: `${percentOf(share)}%` },
		{ rank: 3, text: formatBytes(state.confirmedSize) },
		...resumed(state.resumedSize),
		...copied(state.copiedSize),
		...(rate === undefined ? [] : [{ rank: 2, text: formatRate(rate) }]),
		{ rank: 1, text: `${secondsLeft === undefined ? "-:--" : formatSeconds(secondsLeft)} left` },
	];
}

/** Without a total there is nothing to compare with. */
function openFields(state: BarState): readonly Field[] {
	const { confirmedSize, entryCount, secondsGone, rate, resumedSize, copiedSize } = state;
	return [
		{ rank: 0, text: formatBytes(confirmedSize) },
		...resumed(resumedSize),
		...copied(copiedSize),
		...(entryCount > 1 ? [{ rank: 3, text: formatCount(entryCount, "entry", "entries") }] : []),
		{ rank: 1, text: `in ${formatSeconds(secondsGone)}` },
		...(rate === undefined ? [] : [{ rank: 2, text: formatRate(rate) }]),
	];
}

function resumed(size: number): readonly Field[] {
	return size === 0 ? [] : [{ rank: 4, text: `(${formatBytes(size)} resumed)` }];
}

function copied(size: number): readonly Field[] {
	return size === 0 ? [] : [{ rank: 4, text: `+ ${formatBytes(size)} copied` }];
}

/** Those that fit, the first one always; `room` is kept for the bar from the third on. */
function fitting(fields: readonly Field[], columns: number, room: number): readonly Field[] {
	const kept = new Set<Field>();
	let used = 0;
	for (const field of fields.toSorted((one, other) => one.rank - other.rank)) {
		const size = field.text.length + (kept.size === 0 ? 0 : 1);
		if (kept.size > 0 && used + size > columns - (kept.size > 1 ? room : 0)) break;
		kept.add(field);
		used += size;
	}
	return fields.filter((field) => kept.has(field));
}

function drawBar(share: number, size: number, unicode: boolean): string {
	const filled = Math.round(share * size);
	const [full, empty] = unicode ? ["█", "░"] : ["#", "-"];
	return `${full.repeat(filled)}${empty.repeat(size - filled)}`;
}

export function percentOf(share: number): number {
	return Math.floor(share * 100);
}

export function formatRate(rate: number): string {
	return `${formatBytes(Math.round(rate))}/s`;
}
