const CODECS: ReadonlyMap<string, string> = mapOf({
  gz: 'gzip',
  gzip: 'gzip',
  zst: 'zstd',
  zstd: 'zstd',
  bz2: 'bzip2',
  xz: 'xz',
  br: 'brotli',
  lz4: 'lz4',
  snappy: 'snappy',
});
/** Names that stand for two endings. */
const SHORT: ReadonlyMap<string, string> = mapOf({
  tgz: 'tar+gzip',
  tbz2: 'tar+bzip2',
  txz: 'tar+xz',
  tbr: 'tar+brotli',
});

const FORMATS: ReadonlyMap<string, string> = formatsOf({
  jsonl: 'jsonl ndjson jsonlines ldjson',
  json: 'json geojson ipynb',
  csv: 'csv tsv tab psv',
  text: 'txt md markdown rst tex html htm xml svg yaml yml toml ini cfg env log sql py js mjs ts tsx jsx java kt c h cc cpp hpp cs go rs rb php pl sh css swift r',
  parquet: 'parquet parq',
  arrow: 'arrow feather',
  avro: 'avro',
  orc: 'orc',
  tfrecord: 'tfrecord tfrecords',
  hdf5: 'h5 hdf5',
  tar: 'tar',
  zip: 'zip',
  pdf: 'pdf',
  office: 'docx xlsx pptx odt',
  media: 'jpg jpeg png gif webp bmp tif tiff heic ico mp3 wav flac ogg m4a aac mp4 mkv mov avi webm',
});

/** What an object seems to be by its name alone: `jsonl+zstd`, `media`, `other`. */
export function formatOfName(key: string): string {
  const [ending = '', before = ''] = endings(key);
  const short = SHORT.get(ending);
  if (short !== undefined) return short;
  const codec = CODECS.get(ending);
  if (codec === undefined) return FORMATS.get(ending) ?? 'other';
  return `${FORMATS.get(before) ?? 'other'}+${codec}`;
}

/** The last two endings of the name, the last one first. */
function endings(key: string): string[] {
  const name = key.slice(key.lastIndexOf('/') + 1).toLowerCase();
  return name.split('.').slice(1).reverse();
}

function formatsOf(groups: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(groups).flatMap(([format, words]) => words.split(' ').map((word) => [word, format])));
}

function mapOf(entries: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(entries));
}
