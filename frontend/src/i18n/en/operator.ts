// Who runs this site. The program cannot know it: whoever runs it fills these in before the first visitor comes.
// Until then the legal pages show each gap as it stands here.
export const operator = {
  name: '[operator: full legal name]',
  address: '[operator: street, postcode, town, country]',
  represented: '[operator: who represents it, if it is a company]',
  contact: '[operator: mail address and telephone number]',
  register: '[operator: register and number, if there is one]',
  vat: '[operator: VAT identification number, if there is one]',
  hosting: '[operator: hosting company and country]',
  transfers: '[operator: what covers the transfer of data to the United States]',
  authority: '[operator: data protection authority in charge]',
  law: '[operator: law that applies and place of jurisdiction]',
  refunds: '[operator: right of withdrawal and refunds]',
  taxes: '[operator: whether the price includes VAT]',
  complaints: '[operator: dispute resolution body, if one must be named]',
  effective: '[operator: date]',
}
