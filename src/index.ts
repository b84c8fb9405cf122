export type { Advice } from "./advice/advice.ts";
export { createZip } from "./archive/create-zip.ts";
export { memoryCrcCache } from "./archive/layout/crc/memory-crc-cache.ts";
export { openCrcCache } from "./archive/layout/crc/open-crc-cache.ts";
export type { CrcCacheOptions, OpenCrcCacheOptions } from "./archive/layout/crc/options.ts";
export type { CrcCache } from "./archive/layout/crc-cache.ts";
export type { CreateZipOptions, MakeOptions, ZipOptions } from "./archive/options.ts";
export type { ArchiveWriter, ZipDestination } from "./archive/output/zip-destination.ts";
export type { CreateZipResult } from "./archive/write-archive.ts";
export { type SizePrediction, ZipStream } from "./archive/zip-stream.ts";
export type {
	ArchivedConfig,
	CommandConfig,
	HookConfig,
	HooksConfig,
	JobConfig,
	JobDefaults,
	PathConfig,
	RollingConfig,
	ScheduleConfig,
	SourceConfig,
	UrlConfig,
} from "./backup/config/written/job-config.ts";
export type { KeepConfig, KeepCount, ObjectLockConfig } from "./backup/config/written/keep-config.ts";
export type { MailConfig, WebhookConfig } from "./backup/config/written/tell-config.ts";
export type {
	ArchiveConfig,
	CredentialsConfig,
	ObjectConfig,
	SourceStorageConfig,
	StorageConfig,
} from "./backup/config/written/upload-config.ts";
export type { CommandText, DurationText, SizeText, Texts } from "./backup/config/written/words.ts";
export type { ZipferryConfig } from "./backup/config/written/zipferry-config.ts";
export type { HashAlgorithm } from "./bytes/hash/archive-hash.ts";
export { ByteCounter, Md5Counter, type Observer, tap } from "./bytes/tap.ts";
export type { CopiedChecksums } from "./compose/objects/objects-composition.ts";
export { appendToZip } from "./edit/append-to-zip.ts";
export type { EditZipResult } from "./edit/edit-result.ts";
export { mergeZips } from "./edit/merge-zips.ts";
export type {
	AppendToZipOptions,
	EditOptions,
	MergeZipsOptions,
	RemoveFromZipOptions,
} from "./edit/options.ts";
export { removeFromZip } from "./edit/remove-from-zip.ts";
export {
	ArchiveTooLargeError,
	DestinationError,
	type ErrorCode,
	type ErrorDetails,
	InvalidOptionError,
	type InvalidOptionFacts,
	SourceError,
	StorageError,
	type StorageFacts,
	ZipferryError,
} from "./errors.ts";
export type { ComposedEvent, NotCopiedEvent, NotCopiedReason } from "./events/composing.ts";
export type {
	ExtractedEvent,
	ExtractPlannedEvent,
	ExtractProgressEvent,
	VerifyProgressEvent,
} from "./events/reading.ts";
export type {
	ArchiveProgressEvent,
	CommandOutputEvent,
	EntryEvent,
	FoundEvent,
	PlannedEvent,
	RenamedEvent,
	RequestEvent,
	RetryEvent,
	SkippedEvent,
	UploadCreatedEvent,
	UploadKeptEvent,
	UploadResumedEvent,
	Warning,
	WarningCode,
	WarningEvent,
	ZipferryEvent,
	ZipferryEventListener,
} from "./events.ts";
export { type ExtractResult, extractArchive } from "./extract/extract-archive.ts";
export { ExtractError, type ExtractFacts } from "./extract/extract-error.ts";
export type { ExtractOptions } from "./extract/options.ts";
export { type DownloadDescription, describeDownload } from "./http/describe-download.ts";
export type { DescribeDownloadOptions, DownloadOptions } from "./http/options.ts";
export type { NodeResponse } from "./http/response-writer.ts";
export {
	type NodeRequest,
	type SendZipOptions,
	type SentDownload,
	sendZip,
	type TakenReply,
} from "./http/send-zip.ts";
export { type ZipResponseOptions, zipResponse } from "./http/zip-response.ts";
export type { Archive, ArchiveEntry } from "./reader/archive.ts";
export { ArchiveError, type ArchiveFacts } from "./reader/archive-error.ts";
export type { EntryFacts, EntryKind, MtimeSource } from "./reader/entry.ts";
export type { EntryContent } from "./reader/entry-content.ts";
export { openArchive } from "./reader/open-archive.ts";
export type { OpenArchiveOptions } from "./reader/options.ts";
export type { SourceIdentity } from "./reader/ranged/ranged-source.ts";
export type { ConnectOptions, StorageOptions } from "./s3/options.ts";
export type { ProviderName } from "./s3/providers.ts";
export { type AbortedShards, abortShards } from "./shards/finish/abort-shards.ts";
export { type FinishedShards, finishShards } from "./shards/finish/finish-shards.ts";
export type { FinishShardsOptions } from "./shards/finish/options.ts";
export { type ShardsStatus, shardsStatus } from "./shards/finish/shards-status.ts";
export type { PartPaceOptions, ShardsOptions } from "./shards/options.ts";
export type { PlanShardsOptions } from "./shards/plan/options.ts";
export { planShards } from "./shards/plan/plan-shards.ts";
export type { EntryListSource, ListedEntry, ShardSource } from "./shards/plan/sources/shard-source.ts";
export type { ShardPlan } from "./shards/shard-plan.ts";
export { ShardsError, type ShardsFacts } from "./shards/shards-error.ts";
export type { MadeShard } from "./shards/work/made-shard.ts";
export { makeShard } from "./shards/work/make-shard.ts";
export type { MakeShardOptions } from "./shards/work/options.ts";
export type { FilterPatterns } from "./sources/files/filter.ts";
export type { DirectoryMarker } from "./sources/files/markers.ts";
export type { SymlinkPolicy } from "./sources/files/walk.ts";
export type { ContentChunk } from "./sources/generated/chunk.ts";
export type { Content, ReadyContent } from "./sources/generated/content.ts";
export type {
	ArchivedSource,
	CommandSource,
	GeneratedEntry,
	PathListSource,
	PathSource,
	Source,
	UrlSource,
} from "./sources/source.ts";
export type { SourceOptions } from "./sources/source-options.ts";
export {
	type AbortedUpload,
	abortUploads,
} from "./storage/incomplete/abort-uploads.ts";
export {
	type IncompleteUpload,
	listUploads,
} from "./storage/incomplete/list-uploads.ts";
export type { AbortUploadsOptions, ListUploadsOptions } from "./storage/incomplete/options.ts";
export type { ListedUpload } from "./storage/incomplete/uploads-listing.ts";
export type { BandwidthChange, BandwidthLimit } from "./storage/parts/bandwidth-limit.ts";
export type { ObjectOptions } from "./storage/put/object-options.ts";
export type { UploadZipResult } from "./upload/attempt.ts";
export type { CostEstimate, UploadCost } from "./upload/cost/plan-cost.ts";
export type { Price } from "./upload/cost/price-list.ts";
export type { BilledRequest, RequestCounts, UploadTraffic } from "./upload/cost/upload-requests.ts";
export type { BaseCheck, TransportName, UploadZipOptions } from "./upload/options.ts";
export { planUpload, type UploadPlan } from "./upload/plan-upload.ts";
export { uploadZip } from "./upload/upload-zip.ts";
export { diffArchives } from "./verify/differences/diff-archives.ts";
export type { EntryChange, EntryDifference } from "./verify/differences/difference.ts";
export type { DiffArchivesOptions, TreeOptions } from "./verify/differences/options.ts";
export type { ArchiveFinding, ArchiveStructure } from "./verify/finding.ts";
export type { VerifyArchiveOptions, VerifyLevel } from "./verify/options.ts";
export { verifyArchive } from "./verify/verify-archive.ts";
export type { Unproven, VerifyArchiveResult } from "./verify/verify-result.ts";
export type { ArchiveSummary } from "./zip/assemble.ts";
export type { Level, MethodChoice } from "./zip/entry.ts";
export { DuplicateEntryError, InvalidEntryNameError } from "./zip/format/entry-name-errors.ts";
