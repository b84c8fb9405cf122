import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { deafTo, hears } from "../../src/archive/heard-events.ts";
import type { ArchiveWriter } from "../../src/archive/output/zip-destination.ts";
import { RunReport } from "../../src/archive/run-report.ts";
import type { Warning, ZipferryEvent, ZipferryEventListener } from "../../src/events.ts";

function warn(report: RunReport, code: Warning["code"], count = 1): void {
	for (let index = 0; index < count; index++)
		report.onEvent({ type: "warning", code, message: `${code} ${index}` });
}

describe("RunReport", () => {
	it("keeps the first 1,000 warnings, and never loses that something could not be read", () => {
		const report = new RunReport();
		warn(report, "NAME_NOT_UTF8", 1001);
		expect(report.warnings.map(({ message }) => message).at(-1)).toBe("NAME_NOT_UTF8 999");
		warn(report, "UNREADABLE_SKIPPED", 2);
		expect(report.warnings).toHaveLength(1000);
		expect(report.warnings.at(-1)?.message).toBe("UNREADABLE_SKIPPED 0");
	});

	it("forgets what was said of an archive that is made again, and nothing else", () => {
		const report = new RunReport();
		warn(report, "INSECURE_ENDPOINT");
		report.startArchive();
		warn(report, "CHANGED_WHILE_READ");
		report.startArchive();
		expect(report.warnings.map(({ code }) => code)).toEqual(["INSECURE_ENDPOINT"]);
	});
});

describe("a listener that makes nothing of some events", () => {
	const sources = [
		{ name: "a", content: "1" },
		{ name: "b", content: "2" },
	];

	async function heardBy(types: readonly ZipferryEvent["type"][]): Promise<readonly ZipferryEvent[]> {
		const events: ZipferryEvent[] = [];
		const onEvent = deafTo(types, (event: ZipferryEvent) => void events.push(event));
		const { entryCount } = await createZip(sources, discard, { onEvent });
		expect(entryCount).toBe(2);
		return events;
	}

	it("is told of no entry, and how many there are", async () => {
		const all = await heardBy([]);
		expect(all.filter(({ type }) => type === "entry")).toHaveLength(2);
		expect(await heardBy(["entry"])).toEqual(all.filter(({ type }) => type !== "entry"));
	});

	it("is told what passes through others", () => {
		const report = new RunReport(deafTo(["entry"], () => {}));
		expect([hears(report.onEvent, "entry"), hears(report.onEvent, "planned")]).toEqual([false, true]);
		expect(hears(new RunReport().onEvent, "entry")).toBe(true);
	});
});

const discard: ArchiveWriter = async (chunks) => {
	for await (const _ of chunks);
};

/** Archives many small entries; counts those that the listener was told of. */
function manyEntries(answer: (count: number) => Promise<void> | undefined) {
	let told = 0;
	const entries = Array.from({ length: 20_000 }, (_, index) => ({ name: `${index}`, content: "" }));
	const onEvent: ZipferryEventListener = (event) => {
		if (event.type !== "entry") return;
		told += 1;
		return answer(told);
	};
	const ended = createZip(entries, discard, { onEvent });
	return { ended, told: () => told };
}

describe("a listener that returns a promise", () => {
	it("is waited for before the archive goes on", async () => {
		let letGo = () => {};
		const busy = new Promise<void>((resolve) => {
			letGo = resolve;
		});
		const { ended, told } = manyEntries(() => busy);
		await vi.waitUntil(() => told() > 0, { timeout: 90_000 });
		let before = 0;
		do {
			before = told();
			await delay(100);
		} while (told() !== before);
		expect(before).toBeLessThan(10_000);
		letGo();
		expect(await ended).toMatchObject({ entryCount: 20_000 });
	});

	it("fails the run where the promise is rejected", async () => {
		const failure = new Error("the log is full");
		const { ended } = manyEntries((count) => (count === 100 ? Promise.reject(failure) : undefined));
		await expect(ended).rejects.toBe(failure);
	});

	it("does not keep a run that is to stop", async () => {
		const stop = new AbortController();
		const archiving = createZip({ name: "a", content: "a" }, discard, {
			onEvent: () => new Promise(() => stop.abort(new Error("stop"))),
			signal: stop.signal,
		});
		await expect(archiving).rejects.toThrow("stop");
	});
});
