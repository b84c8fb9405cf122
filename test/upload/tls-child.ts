import { uploadZip } from "../../src/index.ts";

const MiB = 1024 ** 2;
const [endpoint = "", caFile = "", ...sizes] = process.argv.slice(2);
const target = {
	bucket: "memory",
	endpoint,
	caFile,
	region: "us-east-1",
	credentials: { accessKeyId: "id", secretAccessKey: "secret" },
};
const chunk = Buffer.alloc(MiB, 7);

function* content(size: number): Generator<Uint8Array, void, void> {
	for (let sent = 0; sent < size; sent += MiB) yield chunk;
}

/** Bytes of memory at the peak, after each of the uploads. */
const peaks: number[] = [];
for (const text of sizes) {
	const size = Number(text);
	const entry = { name: "data", size, content: () => content(size) };
	await uploadZip(entry, { ...target, key: `${size}.zip`, method: "store" });
	peaks.push(process.resourceUsage().maxRSS * 1024);
}
process.stdout.write(JSON.stringify(peaks));
