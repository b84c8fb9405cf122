/**
 * An archive without a single file behind it: text, bytes, streams and generators go into a bucket, and
 * nothing is on disk or as a whole in memory at any time.
 *
 *     BUCKET=my-bucket npx tsx examples/generated-content.ts
 *
 * BUCKET is "demo" unless set; the AWS_* variables say where it is.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type GeneratedEntry, uploadZip } from "zipferry";

const INVOICES = 10_000;
const { BUCKET: bucket = "demo", KEY: key = "invoices.zip" } = process.env;

/** Made when its turn comes: ten thousand of them take no more memory than one. */
async function* invoices(): AsyncGenerator<GeneratedEntry, void, void> {
	for (let number = 1; number <= INVOICES; number++) {
		yield {
			name: `invoices/${String(number).padStart(5, "0")}.json`,
			content: JSON.stringify({ number, cents: number * 100 }),
			mtime: new Date(Date.UTC(2026, 0, 1, 0, number)),
		};
	}
}

/** Rows as a database cursor would give them. */
async function* rows(): AsyncGenerator<string, void, void> {
	yield "number,cents\n";
	for (let number = 1; number <= INVOICES; number++) yield `${number},${number * 100}\n`;
}

const result = await uploadZip(
	[
		{ name: "README.txt", content: "Invoices of 2026\n", comment: "plain text, UTF-8" },
		{ name: "table.csv", content: rows },
		{ name: "logo.bin", content: createHash("sha512").update("logo").digest(), mode: 0o600 },
		// A function is called when the entry's turn comes, so that a thousand files or queries are not open at once.
		{ name: "stream.txt", content: () => Readable.from(["from a ", "Node stream\n"]) },
		{ name: "empty-folder/" },
		{ name: "latest.json", linkTarget: `invoices/${INVOICES}.json` },
		invoices(),
	],
	{ bucket, key },
);
console.log(`s3://${bucket}/${key}: ${result.entryCount} entries, ${result.size} bytes`);
