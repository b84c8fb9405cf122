export const KiB: number = 1024;
export const MiB: number = 1024 * KiB;
export const GiB: number = 1024 * MiB;
