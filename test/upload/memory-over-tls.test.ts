import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { makeCertificate } from "../support/certificate.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const MiB = 1024 ** 2;
const CHILD = fileURLToPath(new URL("./tls-child.ts", import.meta.url));
/** A storage that forgets what it gets. */
const SINK = fileURLToPath(new URL("../../bench/sink.mjs", import.meta.url));

const directory = useTempDirectory();

async function startSink(tls: { readonly cert: string; readonly key: string }): Promise<string> {
	const sink = fork(SINK);
	onTestFinished(() => sink.disconnect());
	sink.send({ serve: {}, delayMs: 0, tls });
	const [{ port }] = (await once(sink, "message")) as [{ readonly port: number }];
	return `https://127.0.0.1:${port}`;
}

test("an upload over TLS takes no more memory with a larger archive", { tags: "slow" }, async () => {
	const { cert, key, file } = await makeCertificate(directory.path(), "IP:127.0.0.1");
	const endpoint = await startSink({ cert: cert.toString(), key: key.toString() });
	const peakOf = async (size: number) => {
		const node = ["--max-old-space-size=64", "--max-semi-space-size=2", "--import", "tsx"];
		const args = [...node, CHILD, endpoint, file, String(size)];
		return Number((await promisify(execFile)(process.execPath, args)).stdout);
	};
	const small = await peakOf(128 * MiB);
	expect(small).toBeGreaterThan(0);
	expect(((await peakOf(512 * MiB)) - small) / MiB).toBeLessThan(32);
});
