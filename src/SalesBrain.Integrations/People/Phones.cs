using PhoneNumbers;

namespace SalesBrain.Integrations.People;

/// <summary>Phone numbers in their international form.</summary>
internal static class Phones
{
    /// <summary>The number in E.164, such as <c>+4930123456</c>; null if it is not valid or its country is unknown.</summary>
    /// <param name="country">ISO 3166 code, such as <c>DE</c>, or null. A number that begins with + needs none.</param>
    internal static string? ToE164(string text, string? country)
    {
        var region = country is { Length: 2 } ? country.ToUpperInvariant() : null;
        if (region is null && !text.StartsWith('+'))
        {
            return null;
        }
        var util = PhoneNumberUtil.GetInstance();
        try
        {
            var number = util.Parse(text, region);
            return util.IsValidNumber(number) && !number.HasExtension ? util.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
