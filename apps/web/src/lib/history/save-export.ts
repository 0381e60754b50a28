import { api } from '@/lib/api-client';
import { ApiError } from '@/lib/api-error';

interface ExportRequest {
  readonly vehicleId: string;
  readonly from: number;
  readonly to: number;
  readonly format: 'csv' | 'ndjson';
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/** A long export may take its time, but not for ever. */
const TIMEOUT_MS = 15 * 60_000;
const TELL_EVERY_MS = 200;

/** Every reading of a period as it streams in; throws `ApiError`, or the abort's reason. A stream that breaks off is an error, never a short file. */
export async function saveExport({ vehicleId, from, to, format, signal, onProgress }: ExportRequest): Promise<Blob> {
  const path = `/v1/vehicles/${encodeURIComponent(vehicleId)}/export?from=${Math.round(from)}&to=${Math.round(to)}&format=${format}`;
  const response = await api.getResponse(path, { signal, timeoutMs: TIMEOUT_MS });
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  if (!response.body) return response.blob();
  const parts: Blob[] = [];
  const reader = response.body.getReader();
  let bytes = 0;
  let toldAt = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      // Blobs, not arrays: the browser may keep them on disk.
      parts.push(new Blob([value]));
      bytes += value.byteLength;
      if (Date.now() - toldAt < TELL_EVERY_MS) continue;
      toldAt = Date.now();
      onProgress(bytes);
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ApiError('network_unreachable', { cause });
  }
  return new Blob(parts, { type });
}
