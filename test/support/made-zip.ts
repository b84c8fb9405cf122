import { createZip } from "../../src/archive/create-zip.ts";
import type { CreateZipOptions } from "../../src/archive/options.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import type { Source } from "../../src/sources/source.ts";

/** An archive of sources in memory, and what its making told. */
export async function madeZip(
	sources: Source | readonly Source[],
	options: CreateZipOptions = {},
): Promise<{ bytes: Buffer; events: ZipferryEvent[]; warnings: readonly string[] }> {
	const chunks: Uint8Array[] = [];
	const events: ZipferryEvent[] = [];
	const result = await createZip(
		sources,
		async (made) => {
			for await (const chunk of made) chunks.push(new Uint8Array(chunk));
		},
		{ onEvent: (event) => void events.push(event), ...options },
	);
	return { bytes: Buffer.concat(chunks), events, warnings: result.warnings.map(({ message }) => message) };
}
