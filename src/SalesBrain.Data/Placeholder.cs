namespace SalesBrain.Data;
internal static class Placeholder;
