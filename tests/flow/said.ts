/** What is said in the demo's story and may be found nowhere in the clear. */
export const SAID = [
  'Okafor',
  'ines.okafor',
  'post.example',
  '4155552671',
  '4155552672',
  'W2378156',
  'arrived broken',
  'news on my refund',
];
