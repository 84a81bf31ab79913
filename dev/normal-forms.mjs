// Writes the table of SalesBrain.Core/Values/NormalForms.cs, from the normal forms that Node.js knows:
//   node dev/normal-forms.mjs > src/SalesBrain.Core/Values/normal-forms.txt
const hex = text => [...text].map(character => character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')).join(' ')
const isSwapped = (first, second) => (first + second).normalize('NFD') !== first + second

console.log(`# Unicode ${process.versions.unicode}, written by dev/normal-forms.mjs. Hangul syllables are computed.`)
console.log('# c: canonical decomposition, = the same and composed again, k: compatibility decomposition; each is complete.')
console.log('# m: combining marks from, to, and the rank of their combining class.')

const classes = []
const marks = []
for (let code = 0; code < 0x110000; code++) {
  if ((code >= 0xD800 && code < 0xE000) || (code >= 0xAC00 && code < 0xD7A4)) continue
  const character = String.fromCodePoint(code)
  const canonical = character.normalize('NFD')
  const compatible = character.normalize('NFKD')
  if (canonical !== character) console.log(`${character.normalize('NFC') === character ? '=' : 'c'} ${hex(character)} ${hex(canonical)}`)
  if (compatible !== canonical) console.log(`k ${hex(character)} ${hex(compatible)}`)
  // Marks of one class keep their order, others are sorted by class.
  if (canonical === character && ['\u0301', '\u0316'].some(mark => isSwapped(character, mark) || isSwapped(mark, character))) {
    marks.push(code)
    if (!classes.some(other => !isSwapped(character, other) && !isSwapped(other, character))) classes.push(character)
  }
}
classes.sort((a, b) => isSwapped(a, b) ? 1 : -1)
const rankOf = code => 1 + classes.findIndex(other => !isSwapped(other, String.fromCodePoint(code)) && !isSwapped(String.fromCodePoint(code), other))
for (let i = 0; i < marks.length;) {
  const rank = rankOf(marks[i])
  let end = i
  while (marks[end + 1] === marks[end] + 1 && rankOf(marks[end + 1]) === rank) end++
  console.log(`m ${hex(String.fromCodePoint(marks[i]))} ${hex(String.fromCodePoint(marks[end]))} ${rank}`)
  i = end + 1
}
