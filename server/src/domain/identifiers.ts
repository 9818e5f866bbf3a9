const INN_WEIGHTS = [2, 4, 10, 3, 5, 9, 4, 6, 8] as const

/** ИНН of a legal entity: 10 digits, the last one checks the weighted sum of the others (приказ ФНС ЕД-7-14/559). */
export function isInn(text: string): boolean {
  if (!/^\d{10}$/.test(text)) return false
  const sum = INN_WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0)
  return (sum % 11) % 10 === Number(text[9])
}

/** ОГРН: 13 digits, the last one is the remainder of the first twelve by 11, its last digit. */
export function isOgrn(text: string): boolean {
  return /^\d{13}$/.test(text) && (Number(text.slice(0, 12)) % 11) % 10 === Number(text[12])
}

/** КПП: 9 characters NNNNPPXXX; PP, the reason of registration, may hold capital Latin letters. No check digit. */
export function isKpp(text: string): boolean {
  return /^\d{4}[\dA-Z]{2}\d{3}$/.test(text)
}

/** Whether a КПП says "at the place of a branch or other separate unit" (reasons 02–05 and 43–45, приказ ФНС ММВ-7-6/435). */
export function isBranchKpp(kpp: string): boolean {
  return /^\d{4}(0[2-5]|4[345])\d{3}$/.test(kpp)
}

/** ОКТМО: 8 digits for a municipality, 11 for a settlement. No check digit inside the code. */
export function isOktmo(text: string): boolean {
  return /^(\d{8}|\d{11})$/.test(text)
}
