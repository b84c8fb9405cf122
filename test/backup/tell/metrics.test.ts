import { execFileSync } from "node:child_process";
import { lstat, readdir, rm, stat, symlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { labelsOf, metricsOf, writeMetrics } from "../../../src/backup/tell/metrics.ts";
import { readSamples } from "../../../src/backup/tell/metrics-text.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { FAILURE, SUCCESS } from "./run-reports.ts";

const START = Date.parse(SUCCESS.startedAt) / 1000;

describe("the metrics file of a job", () => {
	const directory = useTempDirectory();
	const write = (report = SUCCESS) =>
		writeMetrics(directory.path("backup.prom"), labelsOf(report), metricsOf(report));
	const valuesOf = async (job = "photos") => {
		const samples = readSamples(await directory.read("backup.prom"));
		const own = samples.filter(({ labels }) => labels["backup_job"] === job && labels["host"] === "db1");
		return Object.fromEntries(own.map(({ name, value }) => [name.replace("zipferry_backup_", ""), value]));
	};

	it("has the figures of a run, and help and type of each", async () => {
		await write();
		const text = await directory.read("backup.prom");
		expect(text).toContain(
			'# HELP zipferry_backup_size_bytes Size of the newest archive.\n# TYPE zipferry_backup_size_bytes gauge\nzipferry_backup_size_bytes{backup_job="photos",host="db1"} 1610612736\n',
		);
		expect(await valuesOf()).toEqual({
			last_run_timestamp_seconds: START + 725,
			last_success_timestamp_seconds: START + 725,
			last_exit_code: 0,
			duration_seconds: 725,
			size_bytes: 1_610_612_736,
			copied_bytes: 0,
			entries: 12_345,
			skipped_entries: 0,
			kept_archives: 14,
			removed_archives: 2,
		});
	});

	it("takes the place of no pipe, which would be waited for, and of no link", async () => {
		execFileSync("mkfifo", [directory.path("backup.prom")]);
		await expect(write()).rejects.toThrow(/^it is a FIFO$/);
		expect((await stat(directory.path("backup.prom"))).isFIFO()).toBe(true);
		await rm(directory.path("backup.prom"));
		await directory.write({ "real.prom": "" });
		await symlink("real.prom", directory.path("backup.prom"));
		await write();
		expect(await valuesOf()).toMatchObject({ entries: 12_345 });
		expect(await directory.read("real.prom")).toBe(await directory.read("backup.prom"));
		expect((await lstat(directory.path("backup.prom"))).isSymbolicLink()).toBe(true);
	});

	it("keeps the last success, and what it made, after a run that fails", async () => {
		await write();
		const later = "2026-11-27T02:00:00.000Z";
		await write({ ...FAILURE, startedAt: later, elapsedMs: 1000 });
		expect(await valuesOf()).toMatchObject({
			last_run_timestamp_seconds: Date.parse(later) / 1000 + 1,
			last_success_timestamp_seconds: START + 725,
			last_exit_code: 5,
			duration_seconds: 1,
			size_bytes: 1_610_612_736,
			kept_archives: 14,
		});
	});

	it("counts a run that found nothing changed as a success", async () => {
		await write({ ...SUCCESS, status: "unchanged" });
		expect(await valuesOf()).toMatchObject({ last_success_timestamp_seconds: START + 725 });
	});

	it("keeps what a restore drill has written", async () => {
		const path = directory.path("backup.prom");
		await writeMetrics(path, labelsOf(SUCCESS), { last_proven_restore_timestamp_seconds: 1000.5 });
		await write();
		await write(FAILURE);
		expect(await valuesOf()).toMatchObject({ last_proven_restore_timestamp_seconds: 1000.5 });
	});

	it("is shared by jobs, which may write at the same time", async () => {
		const names = ["a", "b", 'quote " and \\ and \n line', "d", "e"];
		await Promise.all(names.map((job) => write({ ...SUCCESS, job })));
		for (const job of names) expect(await valuesOf(job)).toMatchObject({ entries: 12_345 });
	});

	it("can be read by everybody, and leaves no draft", async () => {
		await write();
		expect((await stat(directory.path("backup.prom"))).mode & 0o444).toBe(0o444);
		expect(await readdir(directory.path())).toEqual(["backup.prom"]);
	});

	it("leaves the old file and no draft where it cannot be replaced", async () => {
		await directory.write({ "backup.prom/in-the-way": "" });
		await expect(write()).rejects.toThrow("it is a directory");
		expect(await readdir(directory.path())).toEqual(["backup.prom"]);
	});

	it("is written anew where something else is in it", async () => {
		await directory.write({ "backup.prom": 'no metrics {"at all"}\nzipferry_backup_entries{ 12\n' });
		await write();
		expect(await valuesOf()).toMatchObject({ entries: 12_345 });
	});
});
