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

/**
 * Makes a call that needs file descriptors; where the process has none left, waits up to 10 s for one to
 * come back. Calls are served in the order in which they were made: a later entry that overtook an earlier one
 * would keep its file open until that one is done, which waits for the file to be closed.
 */
export async function withDescriptor<Result>(
	call: () => Promise<Result>,
	options: DescriptorOptions<Result> = {},
): Promise<Result> {
	const { giveBack } = options;
	const ticket = ++lastTicket;
	if (line.length === 0) {
		try {
			const result = await call();
			if (giveBack === undefined || !isOvertaking(ticket)) return result;
			await giveBack(result);
		} catch (error) {
			if (!isOutOfDescriptors(error)) throw error;
		}
	}
	line.push(ticket);
	line.sort((a, b) => a - b);
	try {
		return await inTurn(ticket, call, options);
	} finally {
		line.splice(line.indexOf(ticket), 1);
	}
}

async function inTurn<Result>(
	ticket: number,
	call: () => Promise<Result>,
	{ giveBack, signal }: DescriptorOptions<Result>,
): Promise<Result> {
	for (let waits = 0; ; ) {
		await delay(DESCRIPTOR_WAIT_MS, signal);
		if (isOvertaking(ticket)) continue;
		try {
			const result = await call();
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
