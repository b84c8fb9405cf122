import type { ZipQueue } from "../zip-queue.ts";

/** Workers that are connected to a queue; `undefined` where its server does not tell who is connected. */
export async function countWorkers(queue: ZipQueue): Promise<number | undefined> {
	try {
		return await queue.getWorkersCount();
	} catch {
		return undefined; // `CLIENT LIST` is forbidden where others run the server
	}
}
