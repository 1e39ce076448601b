"""Shell, navigation, components, the page of today and search; no rules, no facts."""
