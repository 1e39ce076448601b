"""Jiafang 家访: the home-visit platform of a school district."""
