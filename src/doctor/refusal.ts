import type { SendOptions } from "../s3/send.ts";

/** The refusal of the storage. */
export interface Refusal {
	readonly status: number;
	readonly code: string;
	readonly error: unknown;
}

/** A refusal is an answer to what was tried, and not repeated. */
export const REFUSABLE: Pick<SendOptions<unknown>, "isFinal"> = {
	isFinal: ({ status }) => isRefusal(status),
};

/** Whether a status refuses what was asked for; any other failure may pass. */
export function isRefusal(status: number | undefined): status is number {
	return status !== undefined && (status < 500 || status === 501);
}
