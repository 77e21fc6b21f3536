/** What the page of a proxy promises: texts by id. */
export const proxyPage = {
  'ACTIVITY-FILTERS':
    'What the table of activity shows stands in its address, and any address is read without harm.',
  'ACTIVITY-WHOLE':
    'Several types of records are one list, newest first, each record once; what comes live stands in front, and a gap is noticed.',
  'ACTIVITY-EXPORT':
    'No cell of an exported table is a formula; an export has a bound and tells when it was cut.',
  'CHART-GAPS': 'A chart shows a gap where nothing was measured, and a zero where nothing was counted.',
  'CONFIG-DRAFT':
    'Changes of settings are kept where the file was changed meanwhile, and what says the same as the file is no change.',
} as const;
