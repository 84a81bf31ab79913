using System.Text;
using SalesBrain.Core.Values;

namespace SalesBrain.Integrations.Csv;

/// <summary>What headers mean, in the languages that files come in.</summary>
internal static class CsvHeaders
{
    internal const int MaxColumns = 200;
    internal const int MaxLength = 200;

    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.Ordinal)
    {
        ["external_id"] = ["external id", "externalid", "id", "record id", "contact id", "lead id", "person id", "crm id"],
        ["email"] =
        [
            "email", "e-mail", "mail", "email address", "e-mail address", "work email", "business email", "company email", "primary email",
            "contact email", "e-mail-adresse", "emailadresse", "mailadresse", "geschäftliche e-mail", "courriel", "adresse e-mail",
            "adresse email", "adresse électronique", "correo", "correo electrónico", "dirección de correo", "posta elettronica",
            "indirizzo email", "indirizzo e-mail", "e-mailadres", "endereço de email", "adres e-mail", "e-postadress", "sähköposti",
        ],
        ["first_name"] =
        [
            "first name", "firstname", "given name", "forename", "vorname", "prénom", "nombre", "nombre de pila", "nome",
            "nome di battesimo", "voornaam", "primeiro nome", "imię", "förnamn", "fornavn", "etunimi", "jméno",
        ],
        ["last_name"] =
        [
            "last name", "lastname", "surname", "family name", "nachname", "familienname", "zuname", "nom", "nom de famille", "apellido",
            "apellidos", "cognome", "achternaam", "familienaam", "sobrenome", "apelido", "nazwisko", "efternamn", "etternavn", "sukunimi",
            "příjmení",
        ],
        ["full_name"] =
        [
            "name", "full name", "fullname", "contact name", "contact", "person", "vollständiger name", "ansprechpartner", "kontakt",
            "nom complet", "nombre completo", "nome completo", "volledige naam", "naam", "imię i nazwisko",
        ],
        ["company"] =
        [
            "company", "company name", "account", "account name", "organization", "organisation", "organization name", "organisation name",
            "employer", "firma", "unternehmen", "firmenname", "société", "entreprise", "nom de l'entreprise", "empresa", "compañía",
            "azienda", "società", "bedrijf", "bedrijfsnaam", "companhia", "företag", "yritys", "společnost",
        ],
        ["title"] =
        [
            "title", "job title", "jobtitle", "position", "role", "job", "function", "titel", "funktion", "stelle", "berufsbezeichnung",
            "poste", "fonction", "intitulé du poste", "cargo", "puesto", "posizione", "ruolo", "qualifica", "functie", "functietitel",
            "stanowisko", "befattning",
        ],
        ["phone"] =
        [
            "phone", "phone number", "telephone", "telephone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone",
            "direct phone", "direct dial", "work phone", "business phone", "tel", "telefon", "telefonnummer", "mobil", "mobiltelefon",
            "handy", "handynummer", "téléphone", "numéro de téléphone", "portable", "teléfono", "móvil", "telefono", "cellulare",
            "telefoon", "telefoonnummer", "mobiel", "telefone", "celular", "numer telefonu",
        ],
        ["linkedin_url"] =
        [
            "linkedin", "linkedin url", "linkedin profile", "linkedin profile url", "linkedin link", "person linkedin url", "profile url",
            "linkedin-profil", "profil linkedin", "perfil de linkedin", "profilo linkedin", "linkedin-profiel",
        ],
        ["city"] =
            ["city", "town", "stadt", "ort", "wohnort", "ville", "ciudad", "città", "stad", "plaats", "cidade", "miasto", "stad/ort"],
        ["region"] =
        [
            "region", "state", "province", "county", "state/region", "bundesland", "kanton", "région", "département", "estado", "provincia",
            "regione", "regio", "provincie", "województwo",
        ],
        ["country"] = ["country", "country/region", "nation", "land", "pays", "país", "paese", "nazione", "pais", "kraj", "maa", "země"],
    };

    private static readonly Dictionary<string, string> Fields = Synonyms
        .SelectMany(field => field.Value.Append(field.Key).Select(synonym => (Key: KeyOf(synonym), Field: field.Key)))
        .DistinctBy(synonym => synonym.Key)
        .ToDictionary(synonym => synonym.Key, synonym => synonym.Field, StringComparer.Ordinal);

    /// <summary>Field by header. Each field is used once, for its first header; headers that mean nothing are left out.</summary>
    internal static Dictionary<string, string> Guess(IReadOnlyList<string> headers)
    {
        var mapping = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in headers.Distinct(StringComparer.Ordinal))
        {
            if (Fields.TryGetValue(KeyOf(header), out var field) && !mapping.ContainsValue(field))
            {
                mapping[header] = field;
            }
        }
        // In Italian and Portuguese files, Nome is the first name beside a surname, and the full name otherwise.
        if (mapping.ContainsValue("last_name") && !mapping.ContainsValue("first_name")
            && mapping.FirstOrDefault(entry => entry.Value == "full_name").Key is { } name)
        {
            mapping[name] = "first_name";
        }
        return mapping;
    }

    /// <summary>What is compared: letters and digits, in lower case and without accents.</summary>
    private static string KeyOf(string header)
    {
        var key = new StringBuilder();
        foreach (var character in NormalForms.Nfkc(header).ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(character))
            {
                key.Append(Unaccented(character));
            }
        }
        return key.ToString();
    }

    private static char Unaccented(char character) => character switch
    {
        'à' or 'á' or 'â' or 'ã' or 'ä' or 'å' => 'a',
        'ç' or 'č' => 'c',
        'è' or 'é' or 'ê' or 'ë' or 'ę' or 'ě' => 'e',
        'ì' or 'í' or 'î' or 'ï' => 'i',
        'ñ' => 'n',
        'ò' or 'ó' or 'ô' or 'õ' or 'ö' or 'ø' => 'o',
        'ù' or 'ú' or 'û' or 'ü' => 'u',
        'ř' => 'r',
        'ł' => 'l',
        _ => character,
    };
}
