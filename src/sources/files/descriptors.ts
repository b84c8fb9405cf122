import { delay } from "../../async/delay.ts";
import { errorCode } from "./file-system.ts";

const OUT_OF_DESCRIPTORS = new Set(["EMFILE", "ENFILE"]);
const DESCRIPTOR_WAIT_MS = 20;
const DESCRIPTOR_WAITS = 500;

let lastTicket = 0;
/** Calls that found no descriptor, lowest first. */
const line: number[] = [];

export interface DescriptorOptions<Result> {
	/** Lets go of the descriptor, where the call keeps one and has to be made again. */
	readonly giveBack?: (result: Result) => Promise<void>;
	/** Ends the wait for a descriptor. */
	readonly signal?: AbortSignal | undefined;
}

/** To be called by a call that has what it needs and may take long: others need not wait for its end. */
export type Served = () => void;

/**
 * Makes a call that needs file descriptors; where the process has none left, waits up to 10 s for one to
 * come back. Calls are served in the order in which they were made: a later entry that overtook an earlier one
 * would keep its file open until that one is done, which waits for the file to be closed.
 *
 * A call stands in line until it ends, or says that it is served. One that makes further calls of this kind, or lasts for long, has to
 * say so: they stand behind it, and would wait for ever.
 */
export async function withDescriptor<Result>(
	call: (served: Served) => Promise<Result>,
	options: DescriptorOptions<Result> = {},
): Promise<Result> {
	const { giveBack } = options;
	const ticket = ++lastTicket;
	if (line.length === 0) {
		try {
			const result = await call(() => {});
			if (giveBack === undefined || !isOvertaking(ticket)) return result;
			await giveBack(result);
		} catch (error) {
			if (!isOutOfDescriptors(error)) throw error;
		}
	}
	try {
		return await inTurn(ticket, call, options);
	} finally {
		leaveLine(ticket);
	}
}

function standInLine(ticket: number): void {
	if (line.includes(ticket)) return;
	line.push(ticket);
	line.sort((a, b) => a - b);
}

function leaveLine(ticket: number): void {
	const at = line.indexOf(ticket);
	if (at >= 0) line.splice(at, 1);
}

async function inTurn<Result>(
	ticket: number,
	call: (served: Served) => Promise<Result>,
	{ giveBack, signal }: DescriptorOptions<Result>,
): Promise<Result> {
	for (let waits = 0; ; ) {
		standInLine(ticket);
		await delay(DESCRIPTOR_WAIT_MS, signal);
		if (isOvertaking(ticket)) continue;
		try {
			const result = await call(() => leaveLine(ticket));
			if (giveBack === undefined || !isOvertaking(ticket)) return result;
			await giveBack(result);
		} catch (error) {
			waits += 1;
			if (waits > DESCRIPTOR_WAITS || !isOutOfDescriptors(error)) throw error;
		}
	}
}

/** Whether a call that was made earlier waits; several may be under way before the first of them fails. */
function isOvertaking(ticket: number): boolean {
	return (line[0] ?? ticket) < ticket;
}

/** Whether a call failed because the process, or the system, has no file descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
	return OUT_OF_DESCRIPTORS.has(errorCode(error) ?? "");
}
