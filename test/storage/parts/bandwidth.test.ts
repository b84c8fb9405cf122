import { afterEach, describe, expect, it, vi } from "vitest";
import { startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { connect } from "../../../src/s3/connection.ts";
import { Bandwidth } from "../../../src/storage/parts/bandwidth.ts";
import type { BandwidthLimit } from "../../../src/storage/parts/bandwidth-limit.ts";
import { putWithLibStorage } from "../../../src/storage/put/lib-storage-transport.ts";
import { putInParts } from "../../../src/storage/put/parts-transport.ts";
import { collect, noise } from "../../support/bytes.ts";
import { connectSettings } from "../../support/settings.ts";
import { bodyOf, putRequest } from "../put/transport-contract.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

afterEach(() => {
	vi.useRealTimers();
});

/** Seconds that sending takes, and the largest slice that goes out at once. */
async function timed(bandwidth: Bandwidth, size: number): Promise<{ seconds: number; largest: number }> {
	const startedAt = performance.now();
	let largest = 0;
	for await (const { byteLength } of bandwidth.paced(Buffer.alloc(size)))
		largest = Math.max(largest, byteLength);
	return { seconds: (performance.now() - startedAt) / 1000, largest };
}

describe("Bandwidth", () => {
	it("gives the bytes as they are", async () => {
		const bytes = noise(300 * KiB + 7);
		expect(Buffer.compare(await collect(new Bandwidth(10 * MiB).paced(bytes)), bytes)).toBe(0);
	});

	it("is never faster than its rate, and sends small slices", async () => {
		const { seconds, largest } = await timed(new Bandwidth(2 * MiB), 2 * MiB);
		expect(seconds).toBeGreaterThan(0.85);
		expect(largest).toBeLessThanOrEqual(128 * KiB);
	});

	it("keeps to it over all that share it", async () => {
		const bandwidth = new Bandwidth(4 * MiB);
		const all = await Promise.all([1, 2, 3, 4].map(() => timed(bandwidth, MiB)));
		expect(Math.max(...all.map(({ seconds }) => seconds))).toBeGreaterThan(0.85);
	});

	it("does not make up for a time in which nothing was sent", async () => {
		const bandwidth = new Bandwidth(MiB);
		await timed(bandwidth, 64 * KiB);
		await new Promise((resolve) => setTimeout(resolve, 600));
		expect((await timed(bandwidth, 512 * KiB)).seconds).toBeGreaterThan(0.35);
	});

	it("goes by the timetable of local time", async () => {
		const limit: BandwidthLimit = [
			{ minuteOfDay: 8 * 60, bytesPerSecond: 512 * KiB },
			{ minuteOfDay: 19 * 60, bytesPerSecond: undefined },
			{ weekday: 6, minuteOfDay: 8 * 60, bytesPerSecond: MiB },
		];
		const bandwidth = new Bandwidth(limit);
		/** Bytes per second that the first slice of a moment stands for: slices last 50 ms. */
		const rateAt = async (time: string) => {
			vi.useFakeTimers({ now: new Date(time), toFake: ["Date"] });
			const { value } = await bandwidth.paced(Buffer.alloc(MiB)).next();
			return ((value?.byteLength ?? 0) * 1000) / 50;
		};
		const unlimited = (64 * KiB * 1000) / 50;
		expect(await rateAt("2026-11-20T07:59")).toBe(unlimited); // Friday; since Thursday evening
		expect(await rateAt("2026-11-20T08:00")).toBeCloseTo(512 * KiB, -3);
		expect(await rateAt("2026-11-20T19:00")).toBe(unlimited);
		expect(await rateAt("2026-11-21T12:00")).toBeCloseTo(MiB, -3);
		expect(await rateAt("2026-11-22T12:00")).toBeCloseTo(512 * KiB, -3);
		expect(await rateAt("2026-11-22T00:00")).toBe(unlimited); // Sunday, the first day of the week
	});
});

describe.each([putInParts, putWithLibStorage])("$name with a bandwidth", (transport) => {
	it.each([
		["in parts", 11 * MiB, 3],
		["in one request", 4 * MiB, 1],
	])("sends %s at that rate, whole and signed", async (_, size, partCount) => {
		const server = await startLocalS3({ buckets: ["paced"] });
		vi.stubEnv("AWS_ACCESS_KEY_ID", server.accessKeyId);
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.secretAccessKey);
		const connection = await connect(
			connectSettings({ endpoint: server.endpoint, region: server.region }),
			"paced",
			3,
		);
		try {
			const startedAt = performance.now();
			const request = putRequest("paced", "k", bodyOf(size), { bandwidth: new Bandwidth(8 * MiB) });
			expect(await transport(connection, request)).toMatchObject({ size, partCount });
			expect((performance.now() - startedAt) / 1000).toBeGreaterThan((0.9 * (size - MiB)) / (8 * MiB));
		} finally {
			vi.unstubAllEnvs();
			connection.close();
			await server.close();
		}
	});
});
